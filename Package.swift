// swift-tools-version: 6.2
import PackageDescription

// Each dependency, and why it is here.
let dependencies: [Package.Dependency] = [
  // Command lines of the programs: parsing, --help, completions, manual pages.
  .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  // The log API; its handler writes to the journal.
  .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  // Sockets: the control socket (server and client) and the sandbox's HTTP server.
  .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  // The sandbox speaks HTTP/2 and TLS as Google does. No other target uses these two.
  .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
  .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
  // SQLite: connections, statements, migrations. Store alone uses it.
  .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  // Mail templates without logic.
  .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  // The configuration file, with line and column of each node.
  .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  // Signals and an orderly shutdown from the back to the front.
  .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio: [Target.Dependency] = [
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
]
let adapterDependencies: [Target.Dependency] =
  [
    "Model", "Files", "Systemd", "Control", argumentParser, logging,
    .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOFoundationCompat", package: "swift-nio"),
    .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
  ] + nio

let package = Package(
  name: "invoiced",
  platforms: [.macOS(.v15)],  // Linux only; this line states the concurrency runtime that the code needs.
  products: [
    .executable(name: "invoiced", targets: ["Daemon"]),
    .executable(name: "invoicectl", targets: ["Ctl"]),
    .executable(name: "invoiced-sse", targets: ["SSE"]),
    .executable(name: "invoiced-sandbox", targets: ["Sandbox"]),
  ],
  dependencies: dependencies,
  targets: [
    // C shims: what Swift cannot import by itself, nothing else.
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl"),
    .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd"),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto"),
    .target(name: "CLinux"),

    // From the bottom to the top: a target imports only what stands above it here.
    .target(name: "Model"),
    .target(name: "Files", dependencies: ["Model", "COpenSSL", "CLinux"]),
    .target(name: "Mail", dependencies: ["Model", "Files"]),
    .target(name: "Systemd", dependencies: ["CSystemd", logging]),
    .target(
      name: "Control",
      dependencies: ["Model", "CLinux", .product(name: "NIOFoundationCompat", package: "swift-nio")] + nio,
      resources: [.embedInCode("io.invoiced.Jobs.varlink")]),
    .target(name: "Store", dependencies: ["Model", "Files", .product(name: "GRDB", package: "GRDB.swift")]),
    .target(name: "Transfer", dependencies: ["Model", "Mail", "CCurl"]),
    .target(name: "Gmail", dependencies: ["Model", "Files", "Mail", "Transfer", "COpenSSL"]),
    .target(name: "Import", dependencies: ["Model", "Files", "Mail"]),
    .target(
      name: "Stages",
      dependencies: [
        "Model", "Files", "Mail", "Transfer", "Gmail", .product(name: "Mustache", package: "swift-mustache"),
      ]),
    .target(name: "Jobs", dependencies: ["Model", "Files", "Store", logging]),

    .executableTarget(
      name: "Daemon",
      dependencies: [
        "CLinux", "Model", "Files", "Mail", "Systemd", "Control", "Store", "Import", "Stages", "Jobs",
        argumentParser, logging,
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "Yams", package: "Yams"),
      ]),
    .executableTarget(
      name: "Ctl",
      dependencies: ["Model", "Files", "Control", argumentParser, .product(name: "NIOPosix", package: "swift-nio")]),
    .executableTarget(
      name: "SSE", dependencies: adapterDependencies, resources: [.embedInCode("Page/page.html")]),
    .executableTarget(
      name: "Sandbox",
      dependencies: [
        "COpenSSL", argumentParser,
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ] + nio),

    .target(name: "TestSupport", dependencies: ["Model"], path: "Tests/TestSupport"),
    .testTarget(name: "ModelTests", dependencies: ["Model", "TestSupport"]),
    .testTarget(name: "FilesTests", dependencies: ["Model", "Files", "TestSupport"]),
    .testTarget(name: "MailTests", dependencies: ["Model", "Files", "Mail", "TestSupport"]),
    .testTarget(name: "SystemdTests", dependencies: ["Systemd", "TestSupport", logging]),
    .testTarget(name: "ControlTests", dependencies: ["Control", "Model"] + nio),
    .testTarget(
      name: "StoreTests",
      dependencies: ["Store", "Model", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")]),
    .testTarget(name: "ImportTests", dependencies: ["Import", "Model", "Files", "Mail", "TestSupport"]),
    .testTarget(name: "StagesTests", dependencies: ["Model", "Files", "Mail", "Stages", "TestSupport"]),
    .testTarget(name: "CtlTests", dependencies: ["Ctl", "Control", "Model"] + nio),
    .testTarget(
      name: "SSETests",
      dependencies: [
        "SSE", "Control", "Model", "TestSupport",
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
      ] + nio),
    .testTarget(name: "SandboxTests", dependencies: ["Sandbox", "TestSupport"]),
    .testTarget(name: "TransferTests", dependencies: ["Transfer", "Mail", "Files", "Model", "TestSupport"]),
    .testTarget(
      name: "GmailTests",
      dependencies: ["Gmail", "Stages", "Transfer", "Mail", "Files", "Model", "TestSupport", "Sandbox"]),
    .testTarget(name: "JobsTests", dependencies: ["Jobs", "Store", "Model", "TestSupport", logging]),
    .testTarget(
      name: "DaemonTests", dependencies: ["Daemon", "Control", "Store", "Import", "Files", "Model", "TestSupport"]),
    .testTarget(
      name: "EndToEndTests", dependencies: ["Daemon", "Ctl", "SSE", "Sandbox", "Control", "Model", "TestSupport"] + nio),
    .testTarget(
      name: "CrashTests", dependencies: ["Daemon", "Ctl", "Sandbox", "Control", "Model", "TestSupport"] + nio,
      // Loaded into the daemon, and compiled by the tests.
      exclude: ["Disk/disk.c"]),
  ],
  swiftLanguageModes: [.v6]
)

// libFuzzer brings its own main, so that no usual build can have this target: scripts/fuzz sets the variable. What a
// fuzzer reads of a program has to be a library: invoiced-sse without its main.
if Context.environment["INVOICED_FUZZ"] != nil {
  package.products.removeAll { $0.name == "invoiced-sse" }
  package.targets.removeAll { $0.name == "SSE" }
  package.targets.append(
    .target(
      name: "SSE", dependencies: adapterDependencies, exclude: ["InvoicedSSE.swift"],
      resources: [.embedInCode("Page/page.html")]))
  package.targets.append(
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "CCurl", "Model", "Files", "Mail", "Transfer", "Gmail", "Import", "Control", "SSE", "TestSupport",
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ] + nio,
      path: "Tests/Fuzz/Sources",
      swiftSettings: [.unsafeFlags(["-parse-as-library"])]))
}
