/// Refusals that prove that nothing was sent.
extension Fault {
  private static let notFound =
    #""do":"status","status":404,"reason":"notFound","message":"Requested entity was not found.""#
  private static let notFoundWords = "HTTP 404 notFound: Requested entity was not found."

  private static func rejected(_ name: String, _ call: String, _ deed: String, _ reason: String, attempts: Int) -> Fault
  {
    Fault(
      name: name, rules: [on(call, deed)], started: [Line.failed(reason), Line.oneFailed], status: 2,
      attempts: attempts, mails: .none)
  }

  private static func waits(_ name: String, _ deed: String, _ send: [String: String] = [:]) -> Fault {
    // One attempt: were the waiting counted, the delivery would fail.
    Fault(
      name: name, rules: [on("drafts.send", #""do":"status",\#(deed)"#)], send: send, retry: "{attempts: 1}",
      started: [Line.sent(), Line.allSent], attempts: 2)
  }

  static let refused = [
    Fault(
      name: "404 although the draft was made just now", rules: [on("drafts.send", notFound)],
      started: [Line.server(notFoundWords), Line.looking, Line.sent(), Line.allSent], attempts: 2),
    Fault(
      name: "404 although the draft was made just now, at the last attempt", rules: [on("drafts.send", notFound)],
      retry: "{attempts: 1}",
      started: [
        Line.server(notFoundWords), Line.looking,
        Line.failed("erreur du service d'envoi (refused as not found, although it is there: 1 attempt(s))"),
        Line.oneFailed,
      ], status: 2, mails: .none),
    Fault(
      name: "404, and the look fails", rules: [on("drafts.send", notFound), on("drafts.get", #""do":"status""#)],

      started: [Line.server(notFoundWords), Line.looking, Line.sent(), Line.allSent], attempts: 2),
    rejected(
      "400 on the draft", "drafts.create",
      #""do":"status","status":400,"reason":"invalidArgument","message":"Invalid To header""#,
      "destinataire refusé (HTTP 400 invalidArgument: Invalid To header)", attempts: 0),
    rejected(
      "400 on the send", "drafts.send",
      #""do":"status","status":400,"reason":"invalidArgument","message":"Recipient address required""#,
      "destinataire refusé (HTTP 400 invalidArgument: Recipient address required)", attempts: 1),
    rejected(
      "413 as a page of HTML on the draft", "drafts.create", #""do":"status","status":413,"html":true"#,
      "message trop volumineux (HTTP 413: no explanation)", attempts: 0),
    Fault(
      name: "503 on the draft", rules: [on("drafts.create", #""do":"status""#)], started: [Line.sent(), Line.allSent]),
    Fault(
      name: "a draft that is made twice", rules: [on("drafts.create", #""do":"drop_after""#)],
      started: [Line.sent(), Line.allSent]),
    Fault(
      name: "401 once", rules: [on("drafts.send", #""do":"status","status":401,"reason":"authError""#)],
      started: [Line.sent(), Line.allSent]),
  ]

  static let limited = [
    waits(
      "403 with the time in the text",
      #""status":403,"reason":"userRateLimitExceeded","message":"User-rate limit exceeded.","retry_in_text":0.3"#),
    waits("403 without a time", #""status":403,"reason":"rateLimitExceeded""#),
    waits("429 with the time in the text", #""status":429,"reason":"rateLimitExceeded","retry_in_text":0.3"#),
    waits("429 with the time in a header", #""status":429,"reason":"rateLimitExceeded","retry_after":1"#),
    waits("429 without a time", #""status":429,"reason":"RESOURCE_EXHAUSTED""#),
    waits(
      "429 of the limit on sending mail",
      #""status":429,"reason":"rateLimitExceeded","message":"User-rate limit exceeded. (Mail sending)","retry_in_text":1"#,
      ["mail_sending_wait_cap": "400ms"]),
    Fault(
      name: "403 dailyLimitExceeded",
      rules: [
        on("drafts.send", #""do":"status","status":403,"reason":"dailyLimitExceeded","message":"Daily limit exceeded""#)
      ],
      send: ["daily_look_again": "400ms"],
      started: [
        Line.paused(
          "limite quotidienne de messages atteinte (HTTP 403 dailyLimitExceeded: Daily limit exceeded), jusqu'à * → rien à faire, l'envoi continuera de lui-même"
        ), Line.goesOn, Line.sent(), Line.allSent,
      ], attempts: 2),
  ]
}
