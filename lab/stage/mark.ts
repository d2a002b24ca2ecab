/** How a process of the lab is known even when it hides: this variable holds the stage's folder. */
export const markVariable = 'LASTGOOD_LAB';
