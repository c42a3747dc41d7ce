// Plans again while a session runs. The same rules as lms/didactics/timing/replanning.py, held together by the cases of
// tests/data/replan.json. What the rules need of the toolbox comes along with each block: see live_facts in Python.
const minutesText = (count) => (count === 1 ? "1 minuut" : `${count} minuten`);
const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);
const inClass = (block) => block.status === "kept" || block.status === "mini";

// Proposals at `minute` of an hour of `bell` minutes, while blocks[running] runs since minute `started`.
export function replan(blocks, { running, started, minute, bell }) {
  const ahead = lookAhead(blocks, running, minute - started);
  const room = bell - minute;
  const late = sum(ahead.map((one) => one.wanted)) - room;
  if (late <= 0) return { late, proposals: [] };
  const movable = ahead.slice(1, -1);
  return {
    late,
    proposals: [
      propose("shorten", blocks, ahead, room, []),
      propose("home", blocks, ahead, room, homeOptions(movable)),
      propose("skip", blocks, ahead, room, skipOptions(movable)),
    ],
  };
}

function lookAhead(blocks, running, spent) {
  return blocks.flatMap((block, place) => {
    if (place < running || !inClass(block)) return [];
    const gone = place === running ? spent : 0;
    return [{
      block,
      wanted: Math.max(0, block.minutes - gone),
      floor: Math.max(0, Math.min(block.floor, block.minutes) - gone),
      spent: gone,
    }];
  });
}

function homeOptions(movable) {
  return movable.flatMap((one) => {
    const { name, own, home, where, saves, part } = one.block;
    if (!own) return [];
    if (home) return [{ one, rest: 0, text: `${name} gaat naar huis.${where ? ` ${where}` : ""}` }];
    const rest = Math.max(one.floor, one.wanted - saves);
    return saves && rest < one.wanted ? [{ one, rest, text: `Een deel van ${name} gaat naar huis. ${part}`.trimEnd() }] : [];
  });
}

function skipOptions(movable) {
  return movable.filter((one) => one.block.own && !one.block.core)
    .map((one) => ({ one, rest: 0, text: `${one.block.name} valt weg.` }));
}

const REFUSALS = {
  shorten: (short) => `Alleen inkorten volstaat niet: met alles op zijn minimum kom je nog ${minutesText(short)} te kort.`,
  home: (short) => `Naar huis geven volstaat niet: je komt nog ${minutesText(short)} te kort.`,
  skip: (short) => `Iets laten vallen volstaat niet: je komt nog ${minutesText(short)} te kort.`,
};

function propose(kind, blocks, ahead, room, options) {
  const refused = (reason) => ({ kind, blocks: null, cuts: [], reason });
  if (kind !== "shorten" && !options.length)
    return refused(`Van wat nog komt, mag niets ${kind === "home" ? "naar huis" : "wegvallen"}.`);
  const found = fewestMoved(ahead, room, options, kind === "shorten" ? 0 : 1);
  if (found) return proposal(kind, blocks, ahead, found.minutes, found.moved);
  const gone = new Set(options.filter((option) => !option.rest).map((option) => option.one.block.id));
  return refused(REFUSALS[kind](sum(ahead.map((one) => (gone.has(one.block.id) ? 0 : one.floor))) - room));
}

function* combinations(items, count, from = 0) {
  if (!count) yield [];
  else for (let place = from; place <= items.length - count; place += 1)
    for (const rest of combinations(items, count - 1, place + 1)) yield [items[place], ...rest];
}

// The fewest moves that make it fit, of these the fewest minutes of the core, then the smallest largest shortening.
function fewestMoved(ahead, room, options, least) {
  const lastFirst = [...options].reverse();
  for (const isProtected of [true, false])
    for (let count = least; count <= options.length; count += 1) {
      let best = null;
      for (const moved of combinations(lastFirst, count)) {
        const squeezed = squeezeMoved(ahead, room, moved, isProtected);
        if (!squeezed) continue;
        const core = sum(moved.filter(({ one }) => one.block.core).map(({ one, rest }) => one.wanted - rest));
        if (!best || core < best.core || (core === best.core && squeezed.limit < best.limit))
          best = { core, limit: squeezed.limit, moved, minutes: squeezed.minutes };
      }
      if (best) return best;
    }
  return null;
}

function squeezeMoved(ahead, room, moved, isProtected) {
  const kept = new Map(moved.map(({ one, rest }) => [one.block.id, rest]));
  const wanted = ahead.map((one) => kept.get(one.block.id) ?? one.wanted);
  const floors = ahead.map((one, place) => Math.min(one.floor, wanted[place]));
  if (isProtected) floors[floors.length - 1] = wanted.at(-1);
  return squeeze(wanted, floors, room);
}

// The largest shortening and the minutes of each, so that their sum is at most `room`; null when it cannot be.
export function squeeze(wanted, floors, room) {
  if (sum(floors) > room) return null;
  const least = (limit) => wanted.map((want, place) => Math.max(floors[place], want - limit));
  let limit = 0;
  while (sum(least(limit)) > room) limit += 1;
  const low = least(limit);
  let over = room - sum(low);
  const minutes = wanted.map((want, place) => {
    const given = Math.min(want - low[place], over);
    over -= given;
    return low[place] + given;
  });
  return { limit, minutes };
}

function proposal(kind, blocks, ahead, minutes, moved) {
  const said = new Map(moved.map(({ one, rest, text }) => [one.block.id, { rest, text }]));
  const away = kind === "home" ? "home" : "skipped";
  const changed = new Map();
  const cuts = [];
  ahead.forEach((one, place) => {
    const { block, wanted, spent } = one;
    const rest = minutes[place];
    const after = spent + rest;
    const told = said.get(block.id);
    const target = told ? told.rest : wanted;
    if (told && target === 0) changed.set(block.id, { minutes: 0, status: away });
    else if (rest !== wanted || spent > block.minutes) changed.set(block.id, { minutes: after });
    if (told) cuts.push({ id: block.id, kind: away, before: block.minutes, after: target, text: told.text });
    if (rest < target) {
      const text = `${block.name} wordt korter: ${minutesText(after)} in plaats van ${block.minutes}.`;
      cuts.push({ id: block.id, kind: "shortened", before: block.minutes, after, text });
    }
  });
  return { kind, blocks: blocks.map((block) => ({ ...block, ...changed.get(block.id) })), cuts, reason: null };
}
