/** A growing list of numbers that is immutable to its readers and cheap to append to. */

interface Shared {
  values: Float64Array<ArrayBuffer>;
  /** How many values the newest column that shares this buffer has. */
  used: number;
}

const FIRST_CAPACITY = 64;

/**
 * Columns that grew out of one another share one buffer. Only the newest may write behind its end; appending to an older
 * one copies. So a reducer stays pure, and a run of a million steps does not copy a million numbers for each event.
 */
export class Column {
  static readonly EMPTY = new Column({ values: new Float64Array(0), used: 0 }, 0);

  readonly length: number;
  private readonly shared: Shared;

  private constructor(shared: Shared, length: number) {
    this.shared = shared;
    this.length = length;
  }

  static from(values: ArrayLike<number>): Column {
    return Column.EMPTY.append(values);
  }

  append(added: ArrayLike<number>): Column {
    const length = this.length + added.length;
    const shared = this.reserve(length);
    shared.values.set(added, this.length);
    shared.used = length;
    return new Column(shared, length);
  }

  /** The first `length` numbers, without a copy. */
  head(length: number): Column {
    return length >= this.length ? this : new Column(this.shared, length);
  }

  /** The numbers themselves, without a copy. Not to be written to. */
  view(): Float64Array<ArrayBuffer> {
    return this.shared.values.subarray(0, this.length);
  }

  last(): number | undefined {
    return this.length === 0 ? undefined : this.shared.values[this.length - 1];
  }

  private reserve(length: number): Shared {
    const newest = this.shared.used === this.length;
    if (newest && length <= this.shared.values.length) return this.shared;
    const capacity = Math.max(FIRST_CAPACITY, length, newest ? this.shared.values.length * 2 : 0);
    const values = new Float64Array(capacity);
    values.set(this.view());
    return { values, used: this.length };
  }
}
