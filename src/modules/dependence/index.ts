export { DependenceModule } from './dependence.module.js';
