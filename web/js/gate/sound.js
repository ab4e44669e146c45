/** What a steward hears and feels, so that nobody has to look: two high notes, a low one, a middle one twice. */

/** @type {AudioContext | null} */
let context = null;

const TUNES = {
  good: [[880, 0, 0.09], [1320, 0.1, 0.14]],
  bad: [[196, 0, 0.45]],
  ask: [[523, 0, 0.12], [523, 0.2, 0.12]],
};

/** @param {keyof typeof TUNES} kind */
export function sound(kind) {
  navigator.vibrate?.(kind === "good" ? 60 : kind === "bad" ? [200, 80, 200] : [80, 80, 80]);
  try {
    context ??= new AudioContext();
    // Browsers let a page sound after the first touch or key.
    void context.resume();
    for (const [pitch, from, length] of TUNES[kind]) {
      const [tone, level] = [context.createOscillator(), context.createGain()];
      const start = context.currentTime + from;
      tone.frequency.value = pitch;
      tone.type = kind === "bad" ? "square" : "sine";
      level.gain.setValueAtTime(0.0001, start);
      level.gain.exponentialRampToValueAtTime(0.25, start + 0.01);
      level.gain.exponentialRampToValueAtTime(0.0001, start + length);
      tone.connect(level).connect(context.destination);
      tone.start(start);
      tone.stop(start + length);
    }
  } catch {
    // A device without sound still shows and shakes.
  }
}
