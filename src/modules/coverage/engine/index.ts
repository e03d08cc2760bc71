export { chooseEngine, type ChosenEngine } from './choose-engine.js';
