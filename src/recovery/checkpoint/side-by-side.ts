/** Host calls at a time: two cores are busy with two, and more only fill memory. */
const AT_A_TIME = 2;

/** Maps asynchronously, a few items side by side, results in the order of the items. */
export async function sideBySide<Item, Answer>(
  items: readonly Item[],
  map: (item: Item) => Promise<Answer>,
  atATime = AT_A_TIME,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) answers[at] = await map(item);
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return answers;
}
