import Files
import Model
import Stages

/// Makes the parts that the configuration asks for.
struct Wiring {
  let configuration: Configuration
  let folders: Folders
  let time: Time

  /// The files that may be mailed: below the configured folders, and never the daemon's own.
  var files: FileRoots {
    // SQLite's files stand beside the database (sqlite.org/tempfiles.html); the folder itself may hold the inbox.
    let own = ["store.db", "store.db-wal", "store.db-shm", "store.db-journal", "lock", "epoch", "reserve"]
      .map { "\(folders.state)/\($0)" }
    let named = configuration.pipelines.compactMap { try? $0.settings.mapping("send")?.text("credential") }
    return FileRoots(
      roots: configuration.files,
      forbidden: own + [folders.backups, folders.credentials].compactMap { $0 } + named.filter { $0.hasPrefix("/") })
  }

  /// Every pipeline by its name. Throws `ConfigurationError`.
  func pipelines() throws(ConfigurationError) -> [String: PipelineEntry] {
    let files = files
    let builtin = Builtin(
      files: files, templates: configuration.templates, credentials: folders.credentials, time: time)
    let factory = PipelineFactory(builtin: builtin, files: files)
    var entries: [String: PipelineEntry] = [:]
    for settings in configuration.pipelines {
      do {
        entries[settings.name] = try factory.make(settings)
      } catch let error as SettingsError {
        throw ConfigurationError(file: folders.configuration, error)
      } catch {
        throw ConfigurationError(file: folders.configuration, "\(error)")
      }
    }
    return entries
  }
}
