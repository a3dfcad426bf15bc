// What differs between two texts, in words, for marking inside a changed field.

export interface Part {
  text: string;
  differs: boolean;
}

// Above this many comparisons the middle is marked as a whole: an answer at once is worth more than a finer one.
const kMostComparisons = 400_000;

function words(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

function joined(parts: Part[]): Part[] {
  const out: Part[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (part.text === '') continue;
    if (last && last.differs === part.differs) last.text += part.text;
    else out.push({ ...part });
  }
  return out;
}

// Longest common subsequence of words; marks in both what is not part of it.
function markMiddle(a: string[], b: string[]): [Part[], Part[]] {
  const all = (list: string[]): Part[] => list.map((text) => ({ text, differs: true }));
  if (a.length === 0 || b.length === 0 || a.length * b.length > kMostComparisons) return [all(a), all(b)];
  const width = b.length + 1;
  const length = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; --i) {
    for (let j = b.length - 1; j >= 0; --j) {
      length[i * width + j] =
        a[i] === b[j]
          ? length[(i + 1) * width + j + 1]! + 1
          : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
    }
  }
  const before: Part[] = [];
  const after: Part[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      before.push({ text: a[i++]!, differs: false });
      after.push({ text: b[j++]!, differs: false });
    } else if (j >= b.length || (i < a.length && length[(i + 1) * width + j]! >= length[i * width + j + 1]!)) {
      before.push({ text: a[i++]!, differs: true });
    } else {
      after.push({ text: b[j++]!, differs: true });
    }
  }
  return [before, after];
}

export function textDiff(before: string, after: string): { before: Part[]; after: Part[] } {
  const a = words(before);
  const b = words(after);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) ++start;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) ++end;
  const head = { text: a.slice(0, start).join(''), differs: false };
  const tail = { text: a.slice(a.length - end).join(''), differs: false };
  const [left, right] = markMiddle(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return { before: joined([head, ...left, tail]), after: joined([head, ...right, tail]) };
}
