// swift-tools-version: 6.2
// A user's package: it depends on tracker by version and uses its libraries. See .ci/run.
import PackageDescription

let package = Package(
  name: "consumer",
  platforms: [.macOS(.v15)],
  dependencies: [.package(url: Context.environment["TRACKER_URL"] ?? "", from: "999.0.0")],
  targets: [
    .executableTarget(
      name: "consumer",
      dependencies: [
        .product(name: "TrackerExperiments", package: "tracker"),
        .product(name: "TrackerStore", package: "tracker"),
        .product(name: "TrackerOptimization", package: "tracker"),
        .product(name: "TrackerGradientCheck", package: "tracker"),
        .product(name: "TrackerEngine", package: "tracker"),
      ])
  ]
)
