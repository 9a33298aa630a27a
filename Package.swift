// swift-tools-version: 6.2
import PackageDescription

// `swift run tracker` builds for debugging, and its users expect it to be fast all the same, to build
// and to run. What is hot is optimised in every build of this package, and lies in small targets: the
// optimiser takes four fifths of a target's build. SwiftPM refuses unsafe flags in a package that
// another one depends on by version, so there they are left out; such a user's release build optimises
// everything anyway.
let isDependency = Context.packageDirectory.contains("/checkouts/")
let optimizedC: [CSetting] = isDependency ? [] : [.unsafeFlags(["-O3"])]
let optimizedSwift: [SwiftSetting] = isDependency ? [] : [.unsafeFlags(["-O"])]
// What is not hot is made small in a release.
let smallSwift: [SwiftSetting] =
  isDependency ? [] : [.unsafeFlags(["-Osize"], .when(configuration: .release))]

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]
let fast = strict + optimizedSwift
let small = strict + smallSwift

let package = Package(
  name: "tracker",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "tracker", targets: ["tracker"]),
    .library(name: "TrackerStore", targets: ["TrackerStore"]),
    .library(name: "TrackerOptimization", targets: ["TrackerOptimization"]),
    .library(name: "TrackerGradientCheck", targets: ["TrackerGradientCheck"]),
    .library(name: "TrackerEngine", targets: ["TrackerEngine"]),
    .library(name: "TrackerExperiments", targets: ["TrackerExperiments"]),
  ],
  // `tracker serve` needs an HTTP library that no other command does. Only a build that asks for it,
  // `swift build --traits Serve`, fetches and builds it.
  traits: [.trait(name: "Serve", description: "The command `tracker serve`.")],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    // What all rooms speak of: values, and errors that explain themselves.
    .target(name: "TrackerValues", swiftSettings: fast),

    // The one target that imports the C library: what differs between systems is written here.
    .target(name: "CTrackerSystem", cSettings: optimizedC),
    .target(
      name: "TrackerSystem", dependencies: ["TrackerValues", "CTrackerSystem"],
      swiftSettings: strict),

    // JSON in both directions.
    .target(name: "TrackerJSON", swiftSettings: fast),

    // Separated values in both directions.
    .target(name: "TrackerCSV", dependencies: ["TrackerSystem"], swiftSettings: fast),

    // Gzip and zlib in both directions.
    .target(name: "TrackerDeflate", dependencies: ["TrackerSystem"], swiftSettings: fast),

    // The store: SQLite, and runs on top of it. Knows no network.
    .systemLibrary(
      name: "CTrackerSQLite", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite3"])]),
    .target(name: "CTrackerEmbedded"),
    .target(name: "CTrackerHash", cSettings: optimizedC),
    .target(
      name: "TrackerSQLite", dependencies: ["TrackerSystem", "CTrackerSQLite"], swiftSettings: fast),
    .target(
      name: "TrackerStore",
      dependencies: [
        "TrackerSystem", "TrackerValues", "TrackerCSV", "TrackerJSON", "TrackerSQLite",
        "CTrackerEmbedded", "CTrackerHash",
      ],
      swiftSettings: strict),

    // The mathematics: optimisation, gradient checks, networks. Knows no store, prints nothing.
    .target(name: "CTrackerKernels", cSettings: optimizedC),
    .target(
      name: "TrackerOptimization",
      dependencies: ["TrackerSystem", "TrackerValues", "CTrackerKernels"],
      swiftSettings: fast),
    .target(
      name: "TrackerGradientCheck",
      dependencies: ["TrackerSystem", "TrackerValues", "TrackerOptimization"],
      swiftSettings: small),
    // What is wrong with a training, from curves, parameters and layers. Knows neither store nor network.
    .target(
      name: "TrackerDiagnosis",
      dependencies: [
        "TrackerGradientCheck", "TrackerOptimization", "TrackerSystem", "TrackerValues",
      ],
      swiftSettings: small),
    .target(
      name: "TrackerEngine",
      dependencies: [
        "TrackerSystem", "TrackerValues", "TrackerCSV", "TrackerDeflate",
        "TrackerOptimization", "TrackerGradientCheck", "CTrackerKernels", "CTrackerEmbedded",
        "CTrackerHash",
      ],
      swiftSettings: fast),

    // Searching for good options. Knows neither store nor network.
    .target(
      name: "TrackerSearch",
      dependencies: ["TrackerSystem", "TrackerValues", "TrackerOptimization"],
      swiftSettings: fast + smallSwift),

    // The one place that joins them.
    .target(
      name: "TrackerExperiments",
      dependencies: [
        "TrackerSystem", "TrackerStore", "TrackerEngine", "TrackerOptimization",
        "TrackerGradientCheck",
        "TrackerDiagnosis", "TrackerJSON", "TrackerSearch", "TrackerValues",
      ],
      swiftSettings: small),

    // What people see: what is said of runs, and the report, the live view and the commands that show it.
    .target(
      name: "TrackerViews",
      dependencies: [
        "TrackerCSV", "TrackerJSON", "TrackerValues", "TrackerStore", "TrackerEngine",
        "TrackerSearch", "TrackerOptimization", "TrackerGradientCheck", "TrackerSystem",
      ],
      swiftSettings: small),
    .target(
      name: "TrackerDrawing", dependencies: ["TrackerDeflate", "TrackerSystem"], swiftSettings: fast
    ),
    .target(name: "TrackerTemplates", swiftSettings: fast + smallSwift),
    .target(
      name: "TrackerReport",
      dependencies: [
        "TrackerJSON", "TrackerValues",
        "TrackerViews", "TrackerDrawing", "TrackerTemplates", "TrackerStore", "TrackerSystem",
        "TrackerExperiments", "TrackerGradientCheck", "TrackerOptimization", "CTrackerEmbedded",
      ],
      swiftSettings: small),
    .target(
      name: "TrackerWatch", dependencies: ["TrackerViews", "TrackerStore"], swiftSettings: small),
    // Other trackers' files.
    .target(
      name: "TrackerExchange",
      dependencies: [
        "TrackerStore", "TrackerSQLite", "TrackerCSV", "TrackerJSON", "TrackerSystem",
        "TrackerValues",
      ],
      swiftSettings: strict),
    .target(
      name: "TrackerSession",
      dependencies: [
        "TrackerEngine", "TrackerExperiments", "TrackerGradientCheck", "TrackerJSON",
        "TrackerStore",
        "TrackerSystem", "TrackerValues", "TrackerViews",
      ],
      swiftSettings: strict),
    // The Model Context Protocol over the store: a message in, an answer out. Knows no commands.
    .target(
      name: "TrackerMCP",
      dependencies: [
        "TrackerStore", "TrackerExperiments", "TrackerViews", "TrackerJSON", "TrackerSystem",
        "TrackerValues",
      ], swiftSettings: small),
    // MLflow's REST interface: a request in, an answer out. Knows no sockets.
    .target(
      name: "TrackerMLflow",
      dependencies: ["TrackerStore", "TrackerJSON", "TrackerSystem", "TrackerValues"],
      swiftSettings: small),
    // Sockets, limits, routes. Empty without the trait.
    .target(
      name: "TrackerServer",
      dependencies: [
        "TrackerMLflow", "TrackerReport", "TrackerViews", "TrackerStore", "TrackerJSON",
        "TrackerSystem", "TrackerValues",
        .product(name: "NIOCore", package: "swift-nio", condition: .when(traits: ["Serve"])),
        .product(name: "NIOPosix", package: "swift-nio", condition: .when(traits: ["Serve"])),
        .product(name: "NIOHTTP1", package: "swift-nio", condition: .when(traits: ["Serve"])),
      ],
      swiftSettings: small),
    .target(
      name: "TrackerCLI",
      dependencies: [
        "TrackerExchange", "TrackerJSON", "TrackerMCP", "TrackerMLflow", "TrackerServer",
        "TrackerSession", "TrackerValues",
        "TrackerSystem", "TrackerExperiments", "TrackerViews", "TrackerReport", "TrackerWatch",
        "TrackerStore", "TrackerEngine", "TrackerOptimization", "TrackerGradientCheck",
        "TrackerSearch",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: small),
    .executableTarget(
      name: "tracker", dependencies: ["TrackerSystem", "TrackerCLI"], swiftSettings: strict),

    .testTarget(
      name: "TrackerValuesTests", dependencies: ["TrackerValues"], swiftSettings: strict),
    .testTarget(
      name: "TrackerJSONTests", dependencies: ["TrackerJSON"], swiftSettings: strict),
    .testTarget(
      name: "TrackerCSVTests", dependencies: ["TrackerCSV", "TrackerSystem"], swiftSettings: strict),
    .testTarget(
      name: "TrackerSystemTests", dependencies: ["TrackerSystem", "TestSupport"],
      swiftSettings: strict),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "TrackerSQLiteTests", dependencies: ["TrackerSQLite", "TestSupport"],
      swiftSettings: strict),
    .target(
      name: "CTrackerFaults", dependencies: ["CTrackerSQLite"], path: "Tests/CTrackerFaults"),
    .testTarget(
      name: "TrackerStoreTests",
      dependencies: [
        "TrackerStore", "TrackerSQLite", "CTrackerEmbedded", "CTrackerFaults", "CTrackerHash",
        "TestSupport",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "TrackerOptimizationTests",
      dependencies: ["TrackerSystem", "TrackerOptimization", "CTrackerKernels"],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "TrackerDiagnosisTests",
      dependencies: [
        "TrackerSystem", "TrackerDiagnosis", "TrackerGradientCheck", "TrackerOptimization",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "TrackerGradientCheckTests",
      dependencies: [
        "TrackerSystem", "TrackerGradientCheck", "TrackerOptimization",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "TrackerEngineTests",
      dependencies: [
        "TrackerEngine", "TrackerDeflate", "TrackerOptimization", "TrackerGradientCheck",
        "CTrackerKernels",
        "TrackerSystem",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "TrackerSearchTests", dependencies: ["TrackerSystem", "TrackerSearch"],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "TrackerExperimentsTests",
      dependencies: [
        "TrackerExperiments", "TrackerStore", "TrackerSQLite", "TrackerEngine",
        "TrackerOptimization", "TrackerDiagnosis", "TrackerGradientCheck",
        "TestSupport",
      ],
      swiftSettings: strict),
    .target(
      name: "TestGallery", dependencies: ["TrackerViews", "TrackerReport", "TrackerStore"],
      path: "Tests/TestGallery", swiftSettings: strict),
    .testTarget(
      name: "TrackerViewsTests",
      dependencies: ["TrackerJSON", "TrackerViews", "TrackerStore", "TestGallery", "TestSupport"],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "TrackerReportTests",
      dependencies: [
        "TrackerReport", "TrackerDrawing", "TrackerTemplates", "TrackerViews", "TrackerStore",
        "TestGallery", "TestSupport",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "TrackerTemplatesTests", dependencies: ["TrackerTemplates"], swiftSettings: strict),
    .testTarget(
      name: "TrackerWatchTests",
      dependencies: ["TrackerWatch", "TrackerViews", "TrackerStore", "TestGallery", "TestSupport"],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "TrackerMLflowTests",
      dependencies: [
        "TrackerMLflow", "TrackerJSON", "TrackerStore", "TrackerSystem", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "TrackerMCPTests",
      dependencies: ["TrackerMCP", "TrackerJSON", "TrackerStore", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TrackerExchangeTests",
      dependencies: [
        "TrackerExchange", "TrackerJSON", "TrackerMLflow", "TrackerSQLite", "TrackerStore",
        "TrackerSystem", "TestSupport",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "TrackerCLI", "TrackerEngine", "TrackerOptimization", "TrackerSystem", "TrackerViews",
        "TrackerWatch", "TrackerStore",
        "TrackerSQLite", "TestSupport",
        "tracker",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu17
)

// The reference is made by those who ask for it: Scripts/documentation.
if Context.environment["TRACKER_DOCUMENTATION"] != nil {
  package.dependencies.append(
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"))
}
