import Control
import Files
import Foundation
import Model
import Stages
import Yams

/// Reads the configuration file: YAML, strict.
enum ConfigurationFile {
  /// Larger files are no configuration.
  private static let maximumSizeInBytes = 1 << 20

  static func read(_ path: String) throws(ConfigurationError) -> Configuration {
    guard let text = String(validating: try content(of: path), as: UTF8.self) else {
      throw ConfigurationError(file: path, "is not UTF-8 text")
    }
    do {
      return try configuration(try Settings(try YAMLReader.node(text), path: ""))
    } catch let error as SettingsError {
      throw ConfigurationError(file: path, error)
    } catch {
      throw ConfigurationError(file: path, "\(error)")
    }
  }

  private static func content(of path: String) throws(ConfigurationError) -> [UInt8] {
    do {
      return try SmallFile(reading: path, maximumSizeInBytes: maximumSizeInBytes).bytes
    } catch {
      guard error.isMissing else { throw ConfigurationError(file: path, error.reason) }
      throw ConfigurationError(
        file: path,
        "there is no such configuration file; write one (the documentation has an example, invoiced.yaml), or name one "
          + "with --config")
    }
  }

  private static func configuration(_ top: Settings) throws -> Configuration {
    let localeText = try top.text("locale", default: "fr")
    guard let locale = Language(rawValue: localeText) else {
      throw top.error("locale", "must be fr or en")
    }
    let timezone = try top.text("timezone", default: "Europe/Brussels")
    guard TimeZoneFile.exists(timezone) else {
      throw top.error("timezone", "is not known to this machine: \(timezone)")
    }
    let files = try top.paths("files") ?? Configuration.defaultFiles
    let templates = try top.paths("templates") ?? Configuration.defaultTemplates
    let keepEvents = try top.duration("keep_events", default: .seconds(90 * 86400))
    let resumeWithin = try top.duration("resume_within", default: .seconds(86400))
    let manifests = try top.mapping("import")
    let columns = try manifests.map(columns) ?? [:]
    let maximumFileSize = try manifests?.size("maximum_size", default: 18_000_000) ?? 18_000_000
    try manifests?.finish()
    let pipelines = try top.mapping("pipelines")
    // Before what is missing: a key that is misspelt is both.
    try top.finish()
    guard let pipelines else { throw top.missing("pipelines") }
    guard !pipelines.names.isEmpty else { throw top.error("pipelines", "names no pipeline") }
    return Configuration(
      locale: locale, timezone: timezone, files: files, templates: templates, columns: columns,
      maximumFileSize: maximumFileSize, keepEvents: keepEvents, resumeWithin: resumeWithin,
      pipelines: try pipelineSettings(pipelines))
  }

  /// Whether a text can name a pipeline or a series.
  static func isName(_ text: String) -> Bool { text.wholeMatch(of: /[a-z][a-z0-9_-]{0,31}/) != nil }

  private static func pipelineSettings(_ pipelines: Settings) throws -> [PipelineSettings] {
    try pipelines.names.map { name, place in
      guard isName(name) else {
        throw SettingsError(
          "pipelines.\(name): a name is up to 32 of a–z, 0–9, - and _, and begins with a letter", at: place)
      }
      return PipelineSettings(name: name, settings: try pipelines.requiredMapping(name))
    }
  }

  /// Header → name.
  private static func columns(_ manifests: Settings) throws -> [String: String] {
    guard let columns = try manifests.mapping("columns") else { return [:] }
    var names: [String: String] = [:]
    for (header, _) in columns.names {
      let name = try columns.requiredText(header)
      // What a template can name.
      guard name.wholeMatch(of: /[A-Za-z0-9_-]+/) != nil else {
        throw columns.error(header, "must be a name made of a-z, A-Z, 0-9, - and _: \(name)")
      }
      names[header] = name
    }
    return names
  }
}

/// Why the configuration cannot be used: the file, the place and what to do, in one line. The daemon exits with 78.
struct ConfigurationError: Error, CustomStringConvertible {
  var file: String
  var error: SettingsError?
  var text: String

  init(file: String, _ error: SettingsError) {
    self.file = file
    self.error = error
    text = error.text
  }

  init(file: String, _ text: String) {
    self.file = file
    self.text = text
  }

  var description: String {
    guard let place = error?.place else { return "\(file): \(text)" }
    return "\(file):\(place.line):\(place.column): \(text)"
  }
}

/// The tz database of the machine (tzset(3)), without ICU.
enum TimeZoneFile {
  static func exists(_ name: String) -> Bool {
    guard !name.isEmpty, !name.hasPrefix("/"), !name.contains("..") else { return false }
    var isFolder = ObjCBool(false)
    let isThere = FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/\(name)", isDirectory: &isFolder)
    return isThere && !isFolder.boolValue || name == "UTC"
  }

  /// Makes the zone that of the process. Changes the environment: before there is a second thread.
  static func use(_ name: String) {
    setenv("TZ", ":\(name)", 1)
    tzset()
  }

  /// The month of a time in the zone of the process, so many months later.
  static func period(of date: Date, months: Int = 0) -> Period {
    var (seconds, parts) = (time_t(date.timeIntervalSince1970.rounded(.down)), tm())
    localtime_r(&seconds, &parts)
    return Period(year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1 + months)
  }
}
