import TestSupport
import Testing

/// Serialized: each test has several daemons and sandboxes at work already.
@Suite("a daemon that is killed", .serialized)
struct CrashTests {
  @Test(
    "killed at random moments, against a nasty sandbox, it sends each invoice once, or says that it does not know",
    .timeLimit(.minutes(60)))
  func killedAtRandom() async throws {
    let settings = CrashSettings()
    print("CRASH_SEED=\(settings.seed) CRASH_KILLS=\(settings.kills)")
    let sum = await Self.sum(settings.worlds) { try await $0.run() }
    #expect(sum.kills >= settings.kills)
    // Kills that never meet a send prove nothing.
    #expect(sum.died > 0 && sum.reconciled > 0)
  }

  /// Each named step of a delivery, several times within it.
  private static let steps: [KillMoment] = [
    // The answer to the draft is on its way; the commit of `sending`; the send has arrived, and waits for its execution.
    .call("drafts.create", count: 3, delay: .zero), .call("drafts.create", count: 5, delay: .milliseconds(3)),
    .call("drafts.create", count: 4, delay: .milliseconds(World.latency / 3)),
    // The mail is out, and nobody here knows; the answer is on its way; the commit of the outcome.
    .delivered(count: 4, delay: .zero), .delivered(count: 3, delay: .milliseconds(World.latency / 3)),
    .call("drafts.send", count: 5, delay: .zero), .call("drafts.send", count: 4, delay: .milliseconds(3)),
    .event(count: 3, delay: .zero), .event(count: 5, delay: .milliseconds(2)),
    // Within a commit, or in its fsync.
    .write(count: 3), .write(count: 6), .write(count: 10),
  ]

  @Test("killed once at any step of a delivery, it sends everything once and asks nobody", .timeLimit(.minutes(10)))
  func killedAtStep() async throws {
    let worlds = CrashSettings.concurrencies.map { World.Setting(seed: 1, concurrency: $0, kills: 0) }
    let sum = await Self.sum(worlds) { try await $0.run(Self.steps) }
    #expect(sum.unknown.isEmpty && sum.failed.isEmpty && sum.mails == sum.invoices)
    #expect(sum.kills == worlds.count * Self.steps.count && sum.died > 0)
  }

  @Test("killed, and its pipeline renamed before the next start, it sends everything once", .timeLimit(.minutes(10)))
  func renamed() async throws {
    let moments: [KillMoment] = [
      .delivered(count: 3, delay: .zero), .call("drafts.create", count: 4, delay: .zero),
      .event(count: 3, delay: .zero),
    ]
    let worlds = [1, 8].map { World.Setting(seed: 1, concurrency: $0, kills: 0) }
    let sum = await Self.sum(worlds) { try await $0.runRenamed(moments) }
    #expect(sum.unknown.isEmpty && sum.failed.isEmpty && sum.mails == sum.invoices)
    #expect(sum.kills == worlds.count * moments.count * 2)
  }

  /// Runs worlds side by side; most of their time is waiting.
  static func sum(
    _ settings: [World.Setting], _ run: @escaping @Sendable (inout World) async throws -> Verdict
  ) async -> Verdict {
    let sum = await withTaskGroup(of: Verdict.self) { group in
      for setting in settings {
        group.addTask {
          do {
            var world = try await World(setting)
            let verdict = try await run(&world)
            print("\(setting): \(verdict)")
            #expect(verdict.isGood, "\(setting): \(verdict)")
            return verdict
          } catch {
            Issue.record("\(setting): \(error)")
            return Verdict()
          }
        }
      }
      return await group.reduce(Verdict(), +)
    }
    print("all: \(sum)")
    return sum
  }
}
