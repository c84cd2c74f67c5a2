type Paint = (text: string) => string;

/** Ways to emphasise text. Without colours every one of them returns its text unchanged. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

export interface ColourWish {
  /** What `--no-color` or `VELO_USE_COLORS` say; undefined when nothing was said. */
  readonly flag?: boolean | undefined;
  /** The environment; NO_COLOR and TERM=dumb are looked at. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTTY: boolean;
}

/** Whether to colour: the flag decides, then NO_COLOR (https://no-color.org: set and not empty), then the terminal. */
export function wantsColours({ flag, env, isTTY }: ColourWish): boolean {
  if (flag !== undefined) return flag;
  const { NO_COLOR: noColour, TERM: terminal } = env;
  return isTTY && !noColour && terminal !== 'dumb';
}

export function createStyle(colours: boolean): Style {
  const paint = (open: number, close: number): Paint =>
    colours ? (text) => (text ? `\u001b[${open}m${text}\u001b[${close}m` : '') : (text) => text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
  };
}

export const PLAIN: Style = createStyle(false);
