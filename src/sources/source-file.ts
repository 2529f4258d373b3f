// What reading paths gives: files with their text, links, and what was left out and why.

export interface SourceFile {
  /** As the user would open it; for members of an archive `archive.tar.gz/etc/hosts`. */
  readonly path: string;
  /** Absolute and without the archive's extension: what tells which host and program a file belongs to. */
  readonly location: string;
  readonly text: string;
  /** Permission bits, when known. */
  readonly mode: number;
}

export interface SourceLink {
  readonly path: string;
  readonly location: string;
  readonly target: string;
}

export interface Skipped {
  readonly path: string;
  readonly why: string;
}

export interface SourceTree {
  readonly files: readonly SourceFile[];
  readonly links: readonly SourceLink[];
  readonly skipped: readonly Skipped[];
}
