const capability = '^src/(?!kernel/|platform/|graph/)([^/]+)/'
const typesOnly = { dependencyTypesNot: ['type-only'] }
const forbid = (name, from, to) => ({ name, severity: 'error', from, to })

module.exports = {
  forbidden: [
    forbid('kernel-is-pure', { path: '^src/kernel/' }, { pathNot: '^src/kernel/' }),
    forbid(
      'rules-are-pure',
      { path: '/(rules|errors)\\.ts$' },
      { ...typesOnly, pathNot: '^src/kernel/|/(rules|errors)\\.ts$' },
    ),
    forbid('platform-knows-no-dialect', { path: '^src/platform/' }, { path: '^src/graph/' }),
    forbid('platform-and-graph-know-no-capability', { path: '^src/(platform|graph)/' }, { path: capability }),
    forbid(
      'front-door-only',
      { path: capability, pathNot: '/tables\\.ts$' },
      { path: capability, pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    ),
    forbid('workers-use-front-doors', { path: '^workers/' }, { path: capability, pathNot: '/index\\.ts$' }),
    forbid(
      'sql-in-stores',
      { path: capability, pathNot: '/([a-z-]*store|[a-z-]*resource|tables|query)\\.ts$' },
      { path: 'node_modules/(drizzle-orm|postgres)/', dependencyTypesNot: ['type-only'] },
    ),
    forbid('routes-do-not-query', { path: '/routes\\.tsx?$' }, { ...typesOnly, path: '/(store|tables)\\.ts$' }),
    forbid('nothing-imports-main', { pathNot: '^src/(main|app)\\.ts$|^src/cli/' }, { path: '^src/main\\.ts$' }),
    forbid('no-cycles', {}, { circular: true, viaOnly: typesOnly }),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
}
