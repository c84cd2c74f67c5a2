import type { ModelReport } from '../core/model-version.ts';
import type { ChampionSays } from './champion.ts';
import type { Judgement } from './judge-model.ts';
import type { TrainSettings } from './train-settings.ts';

export function judgeGate(
  _settings: TrainSettings,
  _judgement: Judgement,
  _champion: ChampionSays,
): ModelReport['gate'] {
  return [];
}
