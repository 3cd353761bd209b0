import Foundation
import Gmail
import Model
import TestSupport
import Testing

@Suite struct AccountTests {
  private let clock = TurnedTime()

  private func account(_ change: (inout GmailConfiguration) -> Void = { _ in }) -> Account {
    var configuration = GmailConfiguration(credentialFile: "/none")
    change(&configuration)
    return Account(configuration, clock.time, random: { 0.5 })
  }

  /// Turns the clock, half a second at a time, until the work is done; how far that was.
  private func turns(until work: @escaping @Sendable () async throws -> Void) async throws -> Duration {
    let start = clock.time.uptime()
    return try await withThrowingTaskGroup { group in
      group.addTask {
        try await work()
        return clock.time.uptime() - start
      }
      group.addTask {
        while !Task.isCancelled {
          // Lets the work reach its next wait.
          for _ in 0..<100 { await Task.yield() }
          clock.turn(by: .milliseconds(500))
        }
        return .zero
      }
      defer { group.cancelAll() }
      return try await group.next() ?? .zero
    }
  }

  @Test("units beyond those of a minute wait until the first ones are a minute old")
  func units() async throws {
    let account = account { $0.unitsPerMinute = 330 }
    for _ in 0..<3 { try await account.admit() }
    #expect(try await turns(until: { try await account.admit() }) >= .seconds(61))
  }

  @Test("a call that nobody waits for leaves half of a minute's units to sends, and waits for the gate")
  func quiet() async throws {
    let account = account { $0.unitsPerMinute = 440 }
    try await account.waitForQuiet()
    try await account.admit()
    try await account.admit()
    try await account.waitForQuiet()
    try await account.take(.getProfile)
    #expect(try await turns(until: { try await account.waitForQuiet() }) >= .seconds(61))
    try await account.admit()
    await account.noteLimit(of: .sendDraft, hint: .seconds(30), isMailSending: false)
    #expect(try await turns(until: { try await account.waitForQuiet() }) >= .seconds(30))
  }

  @Test("a price above the bound of a minute is taken as the whole of it, and does not wait for ever")
  func largePrice() async throws {
    try await account { $0.unitsPerMinute = 50 }.admit()
  }

  @Test("a named wait holds the account, with at least the floor, at most the cap, and jitter")
  func namedWait() async {
    for (hint, isMailSending, expected) in [
      (30.0, false, 30.5), (0.1, false, 1.5), (0, false, 1), (-5, false, 1), (0, true, 1), (100_000, false, 900.5),
      (50_000, true, 50_000.5),
      (100_000, true, 86_400.5),
    ] {
      let account = account()
      await account.noteLimit(of: .sendDraft, hint: .seconds(hint), isMailSending: isMailSending)
      #expect(await account.sendingWait == .seconds(expected))
    }
  }

  @Test("waits that nobody named double up to 64 s, with full jitter, and begin anew after a success")
  func backoff() async {
    let account = account()
    var waits: [Double] = []
    for _ in 0..<9 {
      await account.noteLimit(of: .sendDraft, hint: nil, isMailSending: false)
      // A second answer of the same moment changes nothing.
      await account.noteLimit(of: .sendDraft, hint: nil, isMailSending: false)
      let wait = await account.sendingWait
      waits.append(wait.seconds)
      clock.turn(by: wait)
    }
    #expect(waits == [1, 1, 2, 4, 8, 16, 32, 32, 32])
    await account.notePassage(of: .sendDraft)
    await account.noteTrouble(of: .sendDraft)
    #expect(await account.sendingWait == .seconds(1))
  }

  @Test("a limit that names no time in the future is asked about less and less often, whatever else succeeds meanwhile")
  func hammered() async {
    for isMailSending in [false, true] {
      let account = account()
      var waits: [Double] = []
      for _ in 0..<7 {
        await account.noteLimit(of: .sendDraft, hint: .zero, isMailSending: isMailSending)
        let wait = await account.sendingWait
        waits.append(wait.seconds)
        clock.turn(by: wait)
        // The next delivery's draft is made before it is told the same.
        await account.notePassage(of: .createDraft)
      }
      #expect(waits == [1, 1, 2, 4, 8, 16, 32])
    }
  }

  @Test("a clock counts as wrong when it is off by more than a minute beyond what the call took")
  func clockError() async {
    let account = account()
    let now = Date()
    for (ahead, took, expected) in [
      (59.0, 0.0, nil), (61, 0, 61), (61, 5, nil), (-61, 0, -61), (-61, 50, -61), (-59, 0, nil), (3600, 10, 3590),
    ] as [(Double, Double, Double?)] {
      await account.noteClock(ours: now, theirs: now.addingTimeInterval(-ahead), took: .seconds(took))
      #expect(await account.clockError.map { $0.seconds.rounded() } == expected)
    }
  }

  @Test("a closed gate makes everybody wait, and then lets them in")
  func gate() async throws {
    let account = account()
    await account.noteLimit(of: .sendDraft, hint: .seconds(10), isMailSending: false)
    #expect(try await turns(until: { try await account.admit() }) >= .seconds(10.5))
  }

  @Test("the daily limit holds the sender, and is tried again after an hour")
  func daily() async throws {
    let account = account()
    await account.noteDailyLimit()
    await #expect(throws: StageError(.dailyLimit, "", .hold(.daily))) { try await account.admit() }
    await #expect(throws: StageError(.dailyLimit, "", .hold(.daily))) { try await account.check() }
    clock.turn(by: .seconds(3600))
    try await account.admit()
  }

  @Test("a limit on sending mail leaves reading alone, and one on calls does not")
  func sendingOnly() async throws {
    let account = account()
    await account.noteLimit(of: .sendDraft, hint: .seconds(7200), isMailSending: true)
    try await account.take(.getDraft)
    await #expect(throws: StageError(.rateLimited, "the account waits", .wait(.seconds(7200.5)))) {
      try await account.check()
    }
    await account.noteLimit(of: .sendDraft, hint: .seconds(600), isMailSending: false)
    await #expect(throws: StageError(.rateLimited, "the account waits", .wait(.seconds(600.5)))) {
      try await account.take(.getDraft)
    }
  }

  /// What the account says next, or has said last.
  private func told(_ account: Account) async -> SenderWait? {
    var iterator = account.waits.makeAsyncIterator()
    return await iterator.next() ?? nil
  }

  @Test("a limit of some length is told with Google's words, and its end with the call that gets through")
  func toldLimit() async throws {
    let account = account()
    await account.noteLimit(of: .sendDraft, hint: .seconds(3), isMailSending: true, "short")
    await account.noteLimit(of: .sendDraft, hint: .seconds(7200), isMailSending: true, "words")
    #expect(await told(account) == SenderWait(.rateLimited, "words", for: .seconds(7200.5)))
    // Reading goes on meanwhile, and a host that does not answer once changes nothing of the limit.
    await account.notePassage(of: .createDraft)
    await account.noteTrouble(of: .createDraft, .unreachable, "once")
    clock.turn(by: .seconds(7201))
    await account.notePassage(of: .createDraft)
    #expect(await told(account) == nil)
  }

  @Test("trouble without a time is told once it has lasted for some seconds, and ends with a success")
  func toldTrouble() async throws {
    let account = account()
    // Waits of one, one and two seconds: the third one lasts beyond the usual pace.
    await account.noteTrouble(of: .createDraft, .unreachable, "first")
    for _ in 0..<3 {
      clock.turn(by: await account.sendingWait + .seconds(0.5))
      await account.noteTrouble(of: .createDraft, .unreachable, "later")
    }
    #expect(await told(account) == SenderWait(.unreachable, "later"))
    clock.turn(by: await account.sendingWait)
    await account.notePassage(of: .createDraft)
    #expect(await told(account) == nil)
  }

  @Test("a limit on sending that names no time ends with a send, not with a draft that could be made")
  func toldSendingTrouble() async throws {
    let account = account()
    for _ in 0..<8 {
      await account.noteLimit(of: .sendDraft, hint: nil, isMailSending: true, "words")
      clock.turn(by: await account.sendingWait)
    }
    #expect(await told(account) == SenderWait(.rateLimited, "words"))
    await account.notePassage(of: .createDraft)
    await account.noteLimit(of: .sendDraft, hint: nil, isMailSending: true, "words")
    #expect(await told(account) == SenderWait(.rateLimited, "words"))
    clock.turn(by: await account.sendingWait)
    await account.notePassage(of: .sendDraft)
    #expect(await told(account) == nil)
  }

  @Test(
    "a limit that sends alone meet, and that names no time, is told once while drafts are made, and ends with a send")
  func toldOfSends() async throws {
    let account = account()
    for _ in 0..<8 {
      await account.noteLimit(of: .sendDraft, hint: nil, isMailSending: false, "words")
      clock.turn(by: await account.sendingWait)
      await account.notePassage(of: .createDraft)
    }
    #expect(await told(account) == SenderWait(.rateLimited, "words"))
    // A host that did not answer once does not take its place.
    await account.noteTrouble(of: .createDraft, .unreachable, "once")
    clock.turn(by: await account.sendingWait)
    await account.notePassage(of: .createDraft)
    await account.notePassage(of: .sendDraft)
    #expect(await told(account) == nil)
  }

  @Test("waiting for quota units, and for a second, is the usual pace, and not told")
  func pace() async throws {
    let account = account { $0.unitsPerMinute = 330 }
    for _ in 0..<3 { try await account.admit() }
    #expect(try await turns(until: { try await account.admit() }) >= .seconds(61))
    await account.noteLimit(of: .sendDraft, hint: .seconds(2), isMailSending: false)
    clock.turn(by: .seconds(3))
    await account.notePassage(of: .createDraft)
    await account.noteLimit(of: .sendDraft, hint: .seconds(60), isMailSending: false, "the first that is told")
    #expect(await told(account)?.detail == "the first that is told")
  }

  @Test("a cancelled wait ends at once, and counts as no attempt")
  func cancelled() async throws {
    let account = account()
    await account.noteLimit(of: .sendDraft, hint: .seconds(10), isMailSending: false)
    let error = await withTaskGroup { group in
      group.addTask { () -> StageError? in
        do throws(StageError) {
          try await account.admit()
          return nil
        } catch {
          return error
        }
      }
      group.cancelAll()
      return await group.next() ?? nil
    }
    #expect(error?.meaning == .wait(.zero))
  }
}
