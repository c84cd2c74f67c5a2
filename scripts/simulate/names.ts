/** Made-up people and races; no name is meant to be anyone's. */
const INITIALS = 'ABCDEFGHJKLMNOPRSTVW';

const JOCKEY_SURNAMES =
  'Marlow Tarn Quill Bracken Hesper Dunmore Fallow Corrin Vane Lisle Orrin Pell Sable Thorne Wick Yarrow Ashlin Birk Cray Dray Elver Fenn Garrick Hale Istle Jarrow Kestle Loach Mossop Nairn Osk Penrose Rusk Selwin Teague Umber Varley Whin'.split(
    ' ',
  );

const TRAINER_SURNAMES =
  'Abberley Brockhurst Calloway Denholm Eastry Farrowdale Glaisby Harkness Ingleby Jessamine Kilvert Lorimer Maddern Nettleton Oldacre Prideaux Quenby Ravensworth Stavely Tolland Uffing Venables Wolsten Yoxall Addle Burrish Cotterel Dansey Erridge Foxley Gantry Holbeck'.split(
    ' ',
  );

/** `A. Marlow`; different for every index (a numeral is added after some 700). */
export function jockeyName(index: number): string {
  return personName(index, JOCKEY_SURNAMES);
}

/** `C. Calloway`; shares no surname with the jockeys. */
export function trainerName(index: number): string {
  return personName(index, TRAINER_SURNAMES);
}

/** `H0123`, in order of arrival. */
export function horseName(index: number): string {
  return `H${String(index).padStart(4, '0')}`;
}

function personName(index: number, surnames: readonly string[]): string {
  const surname = index % surnames.length;
  const round = Math.floor(index / surnames.length);
  // Seven and three share no factor with the initials: neighbours differ, and so do all rounds.
  const initial = INITIALS[(surname * 7 + round * 3) % INITIALS.length];
  const repeats = Math.floor(round / INITIALS.length);
  return `${initial}. ${surnames[surname]}${repeats === 0 ? '' : ` ${repeats + 1}`}`;
}

const SPONSORS =
  'Lantern Kettle Harbour Orchard Compass Bellfield Copper Tollgate Willow Granary Foundry Saddlers'.split(
    ' ',
  );

/** `Lantern Handicap`. */
export function raceName(index: number, kind: string): string {
  return `${SPONSORS[index % SPONSORS.length]} ${kind}`;
}
