import TestSupport

/// Rules for the sandbox, drawn at random: everything that Gmail and the net between may do.
///
/// What executes a call late does so within `lateness`, well below the configured `settle`: if Gmail carried out a send
/// after the daemon had waited for `settle` and looked twice, no honest program could know.
struct Nastiness {
  /// In milliseconds: longer than a daemon takes to be up again and look twice, so that only `settle` keeps two sends apart.
  static let lateness = 600
  /// What the daemon is told, in milliseconds.
  static let settle = 1000
  /// How many calls a rule lets pass at most before it is in force.
  private static let mostSkipped = 6

  private static let errors = [#""status":500"#, #""status":503"#, #""status":502,"html":true"#]
  private static let limits = [
    #""status":403,"reason":"rateLimitExceeded","message":"Quota exceeded","retry_in_text":0.1"#,
    #""status":403,"reason":"userRateLimitExceeded","message":"User-rate limit exceeded""#,
    #""status":429,"reason":"rateLimitExceeded","message":"Too many concurrent requests for user""#,
    #""status":429,"reason":"RESOURCE_EXHAUSTED","retry_after":0"#,
    #""status":403,"reason":"dailyLimitExceeded","message":"Daily limit exceeded""#,
    #""status":401,"reason":"authError","message":"Invalid Credentials""#,
  ]

  /// After a send that ends like one of these nobody knows whether it happened.
  private static let unclear = [
    #""do":"drop_before""#, #""do":"drop_after""#, #""do":"truncate""#, #""do":"unreadable""#,
    #""do":"stall","ms":300"#, #""do":"stall","ms":300,"execute":true"#,
    #""do":"accept_then_status",ERROR"#, #""do":"status",ERROR"#,
    #""do":"block_page""#, #""do":"block_page","execute":true"#,
  ]
  private static let late = [#""do":"execute_later","ms":MS,ERROR"#, #""do":"race","ms":MS"#]

  /// A handful of rules as the elements of a JSON list.
  static func draw(_ random: inout SeededGenerator) -> String {
    var rules: [String] = []
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      rules.append(rule("drafts.send", unclear + unclear + late + limits.map { #""do":"status","# + $0 }, &random))
    }
    if random.isOne(in: 2) {
      rules.append(rule("drafts.create", unclear + limits.map { #""do":"status","# + $0 }, &random))
    }
    if random.isOne(in: 2) {
      rules.append(rule("drafts.get", [#""do":"stale","times":TIMES"#, #""do":"status",ERROR"#, unclear[0]], &random))
    }
    // One at a time: absence is believed when it is seen twice.
    if random.isOne(in: 4) {
      rules.append(rule("drafts.get", [#""do":"status","status":404,"reason":"notFound""#], &random))
    }
    // The draft of a first attempt may not be seen yet.
    if random.isOne(in: 2) {
      rules.append(rule("drafts.send", [#""do":"status","status":404,"reason":"notFound""#], &random))
    }
    if random.isOne(in: 4) { rules.append(rule("drafts.list", [#""do":"status",ERROR"#, unclear[0]], &random)) }
    if random.isOne(in: 4) { rules.append(rule("profile", unclear, &random)) }
    if random.isOne(in: 4) { rules.append(rule("drafts.delete", unclear, &random)) }
    if random.isOne(in: 4) { rules.append(rule("token", [#""do":"status","status":503"#, unclear[0]], &random)) }
    // What a proxy answers in Gmail's place is no draft, no absence and no deletion.
    if random.isOne(in: 4) {
      let call = ["drafts.create", "drafts.get", "drafts.list", "drafts.delete", "profile"].randomElement(
        using: &random)
      rules.append(rule(call ?? "drafts.get", [#""do":"block_page""#], &random))
    }
    return rules.joined(separator: ",")
  }

  private static func rule(_ call: String, _ deeds: [String], _ random: inout SeededGenerator) -> String {
    let skip = Int.random(in: 0...mostSkipped, using: &random)
    let deed = deeds.randomElement(using: &random) ?? unclear[0]
    let error = errors.randomElement(using: &random) ?? errors[0]
    let filled = deed.replacing("ERROR", with: error)
      .replacing("MS", with: "\(Int.random(in: 1...lateness, using: &random))")
      .replacing("TIMES", with: "\(Int.random(in: 1...4, using: &random))")
    return #"{"on":"\#(call)","skip":\#(skip),\#(filled)}"#
  }
}
