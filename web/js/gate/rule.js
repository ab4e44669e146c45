/**
 * What a gate says when it is alone: `rules::gate` in the browser. Both are held against one table,
 * `crates/rules/tests/gate.json`.
 */

/** @typedef {{ copy: "good" | "revoked" | "other_day", on_roll: boolean, summoned: boolean, zone: "open" | "never" | "not_now", inside: boolean }} Facts */
/** @typedef {{ mode: "server", cut_off?: number | null } | { mode: "isolated", lane: number, home: number, stale: boolean, known: boolean }} Lane */
/** @typedef {{ verdict: string, lane?: number }} Verdict */

/** What a supervisor may set aside with a reason. */
const OVERRIDES = ["wrong_time", "not_summoned", "home_lane", "supervisor"];

/** Whether a supervisor may let in after all. @param {string} verdict */
export function mayOverride(verdict) {
  return OVERRIDES.includes(verdict);
}

/** Whether the person goes through. @param {string} verdict */
export function opens(verdict) {
  return verdict === "admit" || verdict === "leave";
}

/**
 * The one lane that is home to a pass; null without lanes.
 * @param {string} pass its id, hexadecimal
 * @param {number[]} lanes
 */
export function homeLane(pass, lanes) {
  const all = [...new Set(lanes)].sort((a, b) => a - b);
  if (all.length === 0) return null;
  let hash = 0x811c9dc5;
  for (let at = 0; at < pass.length; at += 2) {
    hash = Math.imul(hash ^ parseInt(pass.slice(at, at + 2), 16), 0x01000193) >>> 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
  hash = (hash ^ (hash >>> 16)) >>> 0;
  return all[hash % all.length];
}

/**
 * What the gate says.
 * @param {"in" | "out"} way
 * @param {Facts} facts
 * @param {Lane} lane
 * @param {boolean} overridden a supervisor's word for this one person
 * @returns {Verdict}
 */
export function decide(way, facts, lane, overridden) {
  // Nobody is kept in.
  if (way === "out") return { verdict: "leave" };
  const said = entry(facts, lane);
  if (overridden && mayOverride(said.verdict)) return { verdict: facts.inside ? "already_inside" : "admit" };
  return said;
}

/** @param {Facts} facts @param {Lane} lane @returns {Verdict} */
function entry(facts, lane) {
  if (facts.copy === "revoked") return { verdict: "revoked" };
  if (!facts.on_roll) return { verdict: "replaced" };
  if (facts.copy === "other_day") return { verdict: "wrong_day" };
  if (facts.zone === "never") return { verdict: "wrong_zone" };
  if (facts.zone === "not_now") return { verdict: "wrong_time" };
  if (!facts.summoned) return { verdict: "not_summoned" };
  if (facts.inside) return { verdict: "already_inside" };
  if (lane.mode === "server") {
    return lane.cut_off == null ? { verdict: "admit" } : { verdict: "home_lane", lane: lane.cut_off };
  }
  if (lane.lane !== lane.home) return { verdict: "home_lane", lane: lane.home };
  return { verdict: lane.stale || !lane.known ? "supervisor" : "admit" };
}
