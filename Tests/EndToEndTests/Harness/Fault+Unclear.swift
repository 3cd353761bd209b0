/// Sends after which nobody here knows what happened at the other side.
extension Fault {
  /// Not executed: looked at until it has settled, and sent again, once.
  private static func resent(_ name: String, _ deed: String, _ told: String, _ send: [String: String] = [:]) -> Fault {
    Fault(
      name: name, rules: [on("drafts.send", deed)], send: send,
      started: [told, Line.looking, Line.sent(), Line.allSent],
      attempts: 2)
  }

  /// Executed: the draft is consumed, and that is told.
  private static func inferred(
    _ name: String, _ deed: String, _ told: String, _ send: [String: String] = [:], more: [String] = []
  ) -> Fault {
    Fault(
      name: name, rules: [on("drafts.send", deed)] + more, send: send,
      started: [told, Line.looking, Line.inferred, Line.allSent])
  }

  private static let impatient = ["send_timeout": "300ms"]
  /// Longer than the sandbox takes to carry out what it is late with.
  private static let careful = ["settle": "3s", "send_timeout": "300ms"]
  private static let proxyWords = "HTTP 200, not from Google: a proxy may have answered"
  private static let backend = "HTTP 503 backendError: Backend Error"

  static let unclear = [
    resent("dropped before it was executed", #""do":"drop_before""#, Line.lost()),
    inferred("executed, and dropped", #""do":"drop_after""#, Line.lost()),
    inferred(
      "executed, and answered with 500", #""do":"accept_then_status","status":500"#,
      Line.server("HTTP 500 backendError: Backend Error")),
    inferred("executed, and answered with 503", #""do":"accept_then_status""#, Line.server(backend)),
    resent("answered with 503, and not executed", #""do":"status""#, Line.server(backend)),
    inferred(
      "executed some time after its answer", #""do":"execute_later","ms":800"#, Line.server(backend), careful),
    resent("stalled, and not executed", #""do":"stall","ms":1500"#, Line.lost(), impatient),
    inferred("stalled, and executed", #""do":"stall","ms":1500,"execute":true"#, Line.lost(), impatient),
    // Two of these in flight would both deliver; there is never a second one.
    inferred("not atomic, and slow", #""do":"race","ms":1200,"times":2"#, Line.lost(), careful),
    inferred(
      "executed, and one look afterwards still sees the draft", #""do":"drop_after""#, Line.lost(), ["settle": "0s"],
      more: [on("drafts.get", #""do":"stale""#)]),
    inferred(
      "executed, and one look afterwards fails", #""do":"drop_after""#, Line.lost(),
      more: [#"{"on":"profile","skip":1,"do":"status"}"#]),
    resent(
      "not executed, and one look afterwards misses the draft", #""do":"drop_before""#, Line.lost(),
      ["settle": "0s"]
    ).with(on("drafts.get", #""do":"status","status":404,"reason":"notFound""#)),
    Fault(
      name: "not executed, twice", rules: [on("drafts.send", #""do":"drop_before","times":2"#)],
      started: [
        Line.lost(), Line.looking, Line.lost(), Line.looking,
        Line.unknown("le brouillon est toujours là après plusieurs essais (*)"), Line.oneUnknown,
      ], status: 4, attempts: 2, mails: .none),
    Fault(
      name: "executed, and nothing is to be inferred", rules: [on("drafts.send", #""do":"drop_after""#)],
      send: ["infer_within": "0s"],
      started: [Line.lost(), Line.looking, Line.unknown("\(Line.gone) (*)"), Line.oneUnknown], status: 4),
    inferred("executed, and the answer breaks off", #""do":"truncate""#, Line.lost()),
    inferred(
      "executed, and the answer cannot be read", #""do":"unreadable""#,
      Line.lost("HTTP 200, without the id of a message")),
    resent("not executed: a proxy answers with a page, and 200", #""do":"block_page""#, Line.lost(proxyWords)),
    inferred("executed, and a proxy answers", #""do":"block_page","execute":true"#, Line.lost(proxyWords)),
    resent(
      "413 as a page of HTML, which is nobody's proof", #""do":"status","status":413,"html":true"#,
      Line.lost("HTTP 413: no explanation")),
  ]

  private func with(_ rule: String) -> Fault {
    var fault = self
    fault.rules.append(rule)
    return fault
  }
}
