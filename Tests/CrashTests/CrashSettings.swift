import Foundation

/// How long the crash test runs, from the environment.
struct CrashSettings {
  /// `CRASH_KILLS`: of all worlds together, at least. The default is the short form for every run of the tests.
  let kills: Int
  /// `POWER_CUTS`: the same, with the power gone each time.
  let powerCuts: Int
  /// `CRASH_SEED`: of the choices; what the scheduler does is not in it, so a seed makes a failure likely, not certain.
  let seed: UInt64
  /// More would take longer than a few minutes.
  private static let killsOfAWorld = 60
  static let concurrencies = [1, 2, 8]

  init(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
    kills = environment["CRASH_KILLS"].flatMap { Int($0) } ?? 21
    powerCuts = environment["POWER_CUTS"].flatMap { Int($0) } ?? 9
    seed = environment["CRASH_SEED"].flatMap { UInt64($0) } ?? .random(in: 1...999_999)
  }

  /// Side by side: most of their time is waiting.
  var worlds: [World.Setting] { worlds(kills, losePower: false) }

  var worldsWithoutPower: [World.Setting] { worlds(powerCuts, losePower: true) }

  private func worlds(_ kills: Int, losePower: Bool) -> [World.Setting] {
    let rounds = max(1, (kills / 3 + Self.killsOfAWorld - 1) / Self.killsOfAWorld)
    let concurrencies = Array(repeating: Self.concurrencies, count: rounds).flatMap { $0 }
    let share = (kills + concurrencies.count - 1) / concurrencies.count
    return concurrencies.enumerated().map { index, concurrency in
      World.Setting(seed: seed &+ UInt64(index), concurrency: concurrency, kills: share, losesPower: losePower)
    }
  }
}
