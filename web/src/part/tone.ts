/** How a thing stands; decides its color, while its words say the same. */
export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'quiet';
