// swift-tools-version: 6.2
// The programs that the benchmarks measure; a package of their own, so that no user builds them.
import PackageDescription

let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "tracker", path: "..")],
  targets: [
    .target(name: "CPeak", path: "engine/peak", cSettings: [.unsafeFlags(["-O3"])]),
    .executableTarget(
      name: "engine-benchmark",
      dependencies: [
        "CPeak",
        .product(name: "TrackerEngine", package: "tracker"),
        .product(name: "TrackerOptimization", package: "tracker"),
        .product(name: "TrackerGradientCheck", package: "tracker"),
      ],
      path: "engine/program"),
    .systemLibrary(
      name: "CSystemSQLite", path: "store/sqlite", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"])]),
    .target(
      name: "CPlainStore", dependencies: ["CSystemSQLite"], path: "store/plain",
      cSettings: [.unsafeFlags(["-O3"])]),
    .executableTarget(
      name: "store-benchmark",
      dependencies: ["CPlainStore", .product(name: "TrackerStore", package: "tracker")],
      path: "store/program"),
    .executableTarget(
      name: "report-benchmark",
      dependencies: [.product(name: "TrackerStore", package: "tracker")],
      path: "report/program"),
  ]
)
