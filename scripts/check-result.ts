/**
 * Ends a check: prints every violation and fails, also when nothing was looked at. A check that
 * read no file has checked nothing, and silence would look like success.
 */
export function runCheck(
  name: string,
  result: { readonly violations: readonly string[]; readonly files: number },
): void {
  for (const violation of result.violations) console.error(violation);
  if (result.files === 0) {
    console.error(`${name}: found no file to check; run it from the project's root.`);
    process.exitCode = 1;
  } else if (result.violations.length > 0) {
    console.error(`${name}: ${result.violations.length} violations in ${result.files} files.`);
    process.exitCode = 1;
  } else {
    console.log(`${name}: ${result.files} files, no violation.`);
  }
}
