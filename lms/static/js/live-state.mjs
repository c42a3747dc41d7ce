// A session while it runs, as plain data: every act makes a new state out of the old one and the wall clock.
// Nothing here knows the page, the network or the storage. Moments are milliseconds, lengths of blocks minutes.
import { replan } from "./replan.mjs";

const MINUTE = 60_000;
export const inClass = (block) => block.status === "kept" || block.status === "mini";

export function newSession(facts, now) {
  return {
    plan: facts.plan, log: crypto.randomUUID(), digest: facts.digest, slug: facts.session.slug, made: now, seen: now,
    phase: "ready", hour: firstHour(facts.blocks), at: -1, since: 0, gap: 0, paused: null, hourStart: 0, bell: 0, slack: 0,
    blocks: facts.blocks.map((block) => ({ ...block, planned: block.minutes, spent: null })),
    asked: [], parked: [], trail: [], undo: null, warned: -1, form: null,
  };
}

const firstHour = (blocks) => blocks.find(inClass)?.hour ?? 1;
const ofHour = (state) => state.blocks.filter((block) => block.hour === state.hour);

export const running = (state) => state.blocks[state.at];
export const isTiming = (state) => state.phase === "running";

// Milliseconds that the running block has had; a pause does not count.
export const spent = (state, now) => Math.max(0, (state.paused ?? now) - state.since - state.gap);
export const left = (state, now) => running(state).minutes * MINUTE - spent(state, now);

export function nextBlock(state) {
  return state.blocks.find((block, place) => place > state.at && block.hour === state.hour && inClass(block));
}

export const nextHour = (state) => state.blocks.find((block) => block.hour > state.hour && inClass(block))?.hour ?? null;

// Whether the hour ends before the bell, and what to do when it does not; in whole minutes, as replan has them.
export function judge(state, now) {
  const blocks = ofHour(state);
  const minute = Math.floor((now - state.hourStart) / MINUTE);
  const gone = Math.floor(spent(state, now) / MINUTE);
  const bell = Math.ceil((state.bell - state.hourStart) / MINUTE);
  return replan(blocks, { running: blocks.indexOf(running(state)), started: minute - gone, minute, bell });
}

// The moment of the bell when an hour begins now: that of the timetable when it is near, else the whole length from now.
export function bellFor(facts, hour, now) {
  const length = facts.hours[hour - 1] * MINUTE;
  if (facts.start) {
    const [hours, minutes] = facts.start.split(":").map(Number);
    const day = new Date(now);
    const before = facts.hours.slice(0, hour - 1).reduce((total, one) => total + one, 0);
    const begin = new Date(day.getFullYear(), day.getMonth(), day.getDate(), hours, minutes + before).getTime();
    if (now > begin - 15 * MINUTE && now < begin + length - 5 * MINUTE) return begin + length;
  }
  // A bell rings at a whole minute.
  return Math.round((now + length) / MINUTE) * MINUTE;
}

// ── what can be taken back ────────────────────────────────────────────────

function kept(state) {
  const { phase, hour, at, since, gap, hourStart, bell, slack } = state;
  const blocks = state.blocks.map(({ minutes, status, spent: had }) => ({ minutes, status, spent: had }));
  return { phase, hour, at, since, gap, hourStart, bell, slack, blocks };
}

const restored = (blocks, before) => blocks.map((block, place) => ({ ...block, ...before[place] }));

export function back(state) {
  const before = state.trail.at(-1);
  if (!before) return state;
  return {
    ...state, ...before, paused: null, undo: null, blocks: restored(state.blocks, before.blocks),
    trail: state.trail.slice(0, -1),
  };
}

// ── the acts ──────────────────────────────────────────────────────────────

export function startHour(state, bell, now) {
  const hour = state.phase === "between" ? nextHour(state) : state.hour;
  const at = state.blocks.findIndex((block) => block.hour === hour && inClass(block));
  const total = state.blocks.filter((block) => block.hour === hour && inClass(block)).reduce((sum, block) => sum + block.minutes, 0);
  const room = Math.ceil((bell - now) / MINUTE);
  return {
    ...state, phase: "running", hour, at, since: now, gap: 0, paused: null, hourStart: now, bell, slack: Math.max(0, room - total),
    trail: [], undo: null, warned: -1,
  };
}

function leave(state, now) {
  const blocks = state.blocks.map((block, place) => (place === state.at ? { ...block, spent: spent(state, now) } : block));
  return { ...state, blocks, trail: [...state.trail, kept(state)].slice(-40), paused: null, undo: null };
}

export function next(state, now) {
  const left = leave(state, now);
  const at = state.blocks.findIndex((block, place) => place > state.at && block.hour === state.hour && inClass(block));
  if (at >= 0) return { ...left, at, since: now, gap: 0 };
  return { ...left, phase: nextHour(state) ? "between" : "log" };
}

// Stop this hour here. What still had to come got no time, so the log tells it as left out.
export function finish(state, now) {
  return { ...leave(state, now), phase: nextHour(state) ? "between" : "log" };
}

export const toLog = (state) => ({ ...state, trail: [...state.trail, kept(state)].slice(-40), phase: "log" });

export function more(state) {
  const longer = (block, place) => (place === state.at ? { ...block, minutes: block.minutes + 1 } : block);
  const undo = state.undo && { ...state.undo, blocks: state.undo.blocks.map(longer) };
  return { ...state, blocks: state.blocks.map(longer), undo };
}

export function pause(state, now) {
  if (state.paused === null) return { ...state, paused: now };
  return { ...state, gap: state.gap + (now - state.paused), paused: null };
}

// What is won by it is slack from now on, not being early.
export function take(state, proposal, now) {
  const fresh = new Map(proposal.blocks.map((block) => [block.id, block]));
  const blocks = state.blocks.map((block) => {
    const new_ = block.hour === state.hour && fresh.get(block.id);
    return new_ ? { ...block, minutes: new_.minutes, status: new_.status } : block;
  });
  const { blocks: before, slack } = kept(state);
  const taken = { ...state, blocks, undo: { blocks: before, slack, texts: proposal.cuts.map((cut) => cut.text) } };
  return { ...taken, slack: Math.max(0, -judge(taken, now).late) };
}

export function undo(state) {
  if (!state.undo) return state;
  return { ...state, blocks: restored(state.blocks, state.undo.blocks), slack: state.undo.slack, undo: null };
}

export function tick(state, question, isAsked) {
  const asked = state.asked.filter((one) => one !== question);
  return { ...state, asked: isAsked ? [...asked, question] : asked };
}

export function park(state, text, now) {
  const one = { client_id: crypto.randomUUID(), text, exercise: running(state)?.id ?? null, at: new Date(now).toISOString() };
  return { ...state, parked: [...state.parked, one] };
}

export const unpark = (state, id) => ({ ...state, parked: state.parked.filter((one) => one.client_id !== id) });

// The clock of the device was set: everything that is remembered moves along, so nothing on the screen changes.
export function shifted(state, by) {
  const moved = (moment) => (moment ? moment + by : moment);
  const move = (one) => ({ ...one, since: moved(one.since), hourStart: moved(one.hourStart), bell: moved(one.bell) });
  return { ...move(state), seen: moved(state.seen), paused: moved(state.paused), trail: state.trail.map(move) };
}

// ── the log ───────────────────────────────────────────────────────────────

export function loggedBlocks(state) {
  return state.blocks.map((block) => {
    const outcome = block.status === "home" ? "thuis" : block.spent === null || block.spent < 20_000 ? "weg" : "gedaan";
    return {
      id: block.id, outcome, planned: block.planned,
      actual: outcome === "gedaan" ? Math.min(600, Math.max(1, Math.round(block.spent / MINUTE))) : null,
    };
  });
}
