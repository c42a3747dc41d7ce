// Is there probably a first name in a text? For a gentle warning that never blocks. The same rule as
// lms/didactics/first_names.py, with its list; only words with a capital are looked at.
export function likelyFirstName(text, known, names) {
  const words = (one) => one.match(/\p{L}+/gu) ?? [];
  const expected = new Set(words(known).map((word) => word.toLowerCase()));
  return words(text).find((word) => {
    const folded = word.toLowerCase();
    return word[0] !== word[0].toLowerCase() && names.has(folded) && !expected.has(folded);
  }) ?? null;
}
