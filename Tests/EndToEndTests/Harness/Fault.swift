import Model
import TestSupport
import Testing

/// What the third of three invoices meets at the sandbox, and what a clerk sees of it. The first two always go out.
///
/// A `*` in a line stands for words of libcurl's.
struct Fault: Sendable, CustomTestStringConvertible {
  /// Whether the customer has the invoice in the end.
  enum Mails: Int, Sendable { case none, one }

  var name: String
  /// Rules of the sandbox's scenario, without their recipient.
  var rules: [String]
  /// Keys of the send stage.
  var send: [String: String] = [:]
  var retry = "{attempts: 3, first: 50ms, limit: 200ms}"
  /// The lines of `start` after those of the first two invoices, once nothing more happens by itself, and its exit status;
  /// `watch` says the same afterwards.
  var started: [String]
  var status: CInt = 0
  /// How often it was begun to be sent.
  var attempts = 1
  var mails = Mails.one

  var testDescription: String { name }

  /// `"on":CALL` with this deed, for the third invoice's mail alone.
  static func on(_ call: String, _ deed: String) -> String {
    #"{"on":"\#(call)","recipient":"cf003@customer.example",\#(deed)}"#
  }
}

/// What the command line says, byte for byte.
enum Line {
  static let begin = "🚀 Début de l'envoi : 3 facture(s)"
  static let reopened = "🚀 Reprise de l'envoi : 1 facture(s) à traiter sur 3"
  static let goesOn = "▶️ L'envoi continue : 1 facture(s) à traiter sur 3"
  static let inferred = sent() + " (déduit : le brouillon a été consommé)"
  static let allSent = "✅ Envoi terminé : 3 succès, 0 erreur(s) sur 3 facture(s)"
  static let oneUnknown = "✅ Envoi terminé : 2 succès, 0 erreur(s) sur 3 facture(s), 1 à vérifier"
  static let looking = "🔎 invoiced vérifie encore 1 facture(s) : 2 succès, 0 erreur(s) sur 3 facture(s), 1 à vérifier"
  static let oneFailed = "✅ Envoi terminé : 2 succès, 1 erreur(s) sur 3 facture(s)"

  static func sent(_ i: Int = 3) -> String {
    "✅ Email \(i)/3 envoyé : CCT1 - F00\(i).pdf → cf00\(i)@customer.example"
  }

  static func unknown(_ reason: String) -> String { "❓ Email 3/3 à vérifier : CCT1 - F003.pdf : \(reason)" }
  static func failed(_ reason: String) -> String { "⚠️ Email 3/3 ERREUR : CCT1 - F003.pdf : \(reason)" }
  static func paused(_ reason: String) -> String { "⏸️ Envoi en pause : \(reason)" }

  static func lost(_ words: String = "*") -> String {
    unknown("réponse perdue, la facture est peut-être partie (\(words))")
  }

  static func server(_ words: String) -> String { unknown("erreur du service d'envoi (\(words))") }

  static let gone = "le brouillon n'est plus là, la facture est peut-être partie"

  /// What `show JOB --failed` says of an unknown third delivery, from its own line on.
  static func asked(_ reason: String, _ hint: String? = nil, force: Bool = false) -> [String] {
    let command = "invoicectl resolve 1 3"
    return ["❓ 3  F003  CCT1 - F003.pdf → cf003@customer.example : \(reason)"] + (hint.map { ["   \($0)"] } ?? []) + [
      "   Est-elle dans les messages envoyés du compte ? Oui : \(command) sent ; non : \(command) not-sent\(force ? " --force" : "")"
    ]
  }

  static let stillLooking = "invoiced cherche encore ce qu'elle est devenue ; vous pouvez attendre, ou décider :"

  /// Without what only says that a job goes on: how often a sender is tried again is a matter of time.
  static func story(_ lines: [String]) -> [String] { lines.filter { $0 != reopened && $0 != goesOn } }

  /// Whether lines are the expected ones, `*` standing for anything.
  static func match(_ lines: [String], _ expected: [String]) -> Bool {
    lines.count == expected.count
      && zip(lines, expected).allSatisfy { line, pattern in
        guard let star = pattern.firstIndex(of: "*") else { return line == pattern }
        let (head, tail) = (pattern[..<star], pattern[pattern.index(after: star)...])
        return line.count >= head.count + tail.count && line.hasPrefix(head) && line.hasSuffix(tail)
      }
  }
}

extension Finished {
  var allLines: [String] { output.split(separator: "\n").map(String.init) }
}

extension RunningDaemon {
  /// The lines of `show JOB --failed` that follow the job's facts.
  func shownTrouble(_ id: Int64 = 1) async throws -> [String] {
    let shown = try await ctl("show", "\(id)", "--failed")
    #expect(shown.status == 0)
    return Array(shown.allLines.drop { !$0.hasPrefix("❓") && !$0.hasPrefix("⚠️") })
  }
}

extension RunningSandbox {
  /// How many mails each customer got, by address.
  func received() throws -> [String: Int] {
    try log("delivered").flatMap { $0.recipients ?? [] }.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  /// Whether it was at most one, each, and exactly one for these.
  func receivedOnce(_ positions: Int...) throws -> Bool {
    try received() == Dictionary(uniqueKeysWithValues: positions.map { ("cf00\($0)@customer.example", 1) })
  }

  func calls(_ name: String, to position: Int = 3) throws -> [LogLine] {
    try log("call").filter { $0.call == name && $0.recipients == ["cf00\(position)@customer.example"] }
  }
}
