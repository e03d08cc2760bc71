// Who may import whom (docs/adr/0004-modules-and-outbox.md). A cycle is an error.

/** Each of these may use all that stand before it. */
const CHAIN = [
  'identity',
  'attributes',
  'areas',
  'hamlets',
  'sites',
  'fibre',
  'coverage',
  'policies',
  'speakers',
  'media',
  'broadcasts',
  'emergencies',
  'programmes',
];
const until = (last) => CHAIN.slice(0, CHAIN.indexOf(last) + 1);
/** Those beside the chain. audit, health and operations serve everybody by events and probes, and import no business module. */
const BESIDE = {
  health: ['identity'],
  audit: ['identity'],
  webhooks: ['identity', 'audit'],
  operations: ['identity'],
  reach: until('speakers'),
  dependence: until('speakers'),
  exchange: CHAIN,
  reports: [...CHAIN, 'exchange'],
  'open-data': CHAIN,
};
const MODULES = [...CHAIN, ...Object.keys(BESIDE)];
const upstream = (name) => BESIDE[name] ?? CHAIN.slice(0, CHAIN.indexOf(name));

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle means two parts are one: nothing of it can be understood or tested alone.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'modules-never-import-the-transport',
      comment: 'A module writes an outbox row; how it travels is the transport’s business.',
      severity: 'error',
      from: { path: '^src/modules/' },
      to: { path: '^src/mqtt/' },
    },
    {
      name: 'modules-through-their-index',
      comment: 'What a module does not export it may change at any time.',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/' },
      to: { path: '^src/modules/([^/]+)/(?!index\\.ts$)', pathNot: '^src/modules/$1/' },
    },
    {
      name: 'others-through-the-index',
      comment: 'The transport, the demo and the programs see what a module exports, no more.',
      severity: 'error',
      from: { path: '^src/(mqtt|demo|cli|console|api-docs|common|config|[^/]+\\.ts$)' },
      to: { path: '^src/modules/[^/]+/(?!index\\.ts$)' },
    },
    ...MODULES.map((name) => ({
      name: `order-of-${name}`,
      comment: `${name} stands after ${upstream(name).join(', ') || 'nothing'}: what it needs from later modules comes to it as an event.`,
      severity: 'error',
      from: { path: `^src/modules/${name}/` },
      to: { path: `^src/modules/(?!(${[name, ...upstream(name)].join('|')})/)` },
    })),
    {
      name: 'domain-is-pure',
      comment:
        'Rules of the field are functions of plain data: no framework, no database, no clock, no environment.',
      severity: 'error',
      from: { path: '^src/modules/[^/]+/domain/', pathNot: '\\.test\\.ts$' },
      to: {
        pathNot: [
          '^src/geo/',
          '^src/contract/',
          '^src/modules/[^/]+/domain/',
          '^node_modules/(h3-js|@turf|re2js)/',
        ],
      },
    },
    {
      name: 'common-has-no-business-words',
      comment: 'Framework glue knows nothing of what is built on it.',
      severity: 'error',
      from: { path: '^src/common/' },
      to: { path: '^src/(?!common/|config/)|^agent/' },
    },
    {
      name: 'geo-and-contract-stand-alone',
      comment: 'Both are used by the server and by devices.',
      severity: 'error',
      from: { path: '^src/(geo|contract|config|embedded)/' },
      to: { path: '^(src|agent)/(?!$1/)', pathNot: '^src/(geo|contract|config|embedded)/' },
    },
    {
      name: 'contract-imports-nothing-of-ours',
      comment: 'A device maker reads the contract alone.',
      severity: 'error',
      from: { path: '^src/contract/' },
      to: { path: '^(src|agent)/(?!contract/)' },
    },
    {
      name: 'agent-knows-the-contract-alone',
      comment: 'The reference cluster is a device: it shares the protocol with the server and nothing else.',
      severity: 'error',
      from: { path: '^agent/' },
      to: { path: '^src/(?!contract/index\\.ts$)' },
    },
    {
      name: 'not-to-dev-dependencies',
      comment: 'What runs in production is a dependency.',
      severity: 'error',
      from: { path: '^(src|agent|migrations)/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
