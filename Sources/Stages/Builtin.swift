import Files
import Gmail
import Mail
import Model
import Transfer

/// The one list of built-in stages: the name behind `use:`, and how the stage is made from its settings.
package struct Builtin: Sendable {
  private let files: FileRoots
  private let templates: [String]
  /// Folder of credential files; nil: only absolute paths name one.
  private let credentials: String?
  private let time: Time

  package init(files: FileRoots, templates: [String], credentials: String?, time: Time) {
    self.files = files
    self.templates = templates
    self.credentials = credentials
    self.time = time
  }

  /// The catalogue is selected from by the store itself: nothing is made.
  package func select(_ settings: Settings) throws {
    guard try settings.requiredText("use") == "catalogue" else { throw settings.error("use", "must be catalogue") }
    try settings.finish()
  }

  package func render(_ settings: Settings) throws -> any RenderStage {
    switch try settings.requiredText("use") {
    case "template": return try TemplateRender(settings, templates: templates)
    default: throw settings.error("use", "must be template")
    }
  }

  package func send(_ settings: Settings) throws -> any SendStage {
    switch try settings.requiredText("use") {
    case "gmail":
      let configuration = try GmailConfiguration(settings, credentials: credentials)
      let loop = TransferLoop(
        TransferOptions(caFile: configuration.caFile, usesHTTP2: configuration.usesHTTP2))
      return GmailSend(configuration, files: files, loop: loop, time: time)
    case "maildir":
      return MaildirSend(try MaildirConfiguration(settings), files: files, time: time)
    default: throw settings.error("use", "must be gmail or maildir")
    }
  }

  /// Nil: `catalogue`, which older configurations name; the store itself keeps every receipt.
  package func record(_ settings: Settings) throws -> (any RecordStage)? {
    switch try settings.requiredText("use") {
    case "catalogue":
      try settings.finish()
      return nil
    default: throw settings.error("use", "must be catalogue")
    }
  }
}
