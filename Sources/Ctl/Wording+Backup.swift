import Control

/// What `backup` says.
extension Wording {
  func backedUp(_ name: String, _ content: BackupContent) -> String {
    let size = size(content.sizeInBytes)
    return choose(
      fr: "✅ Sauvegarde terminée : \(name) (\(size), SHA-256 \(content.sha256))",
      en: "✅ Backup complete: \(name) (\(size), SHA-256 \(content.sha256))")
  }

  var standardOutput: String { choose(fr: "sortie standard", en: "standard output") }

  func backupExists(_ name: String) -> String {
    choose(
      fr: "\(name) existe déjà ; prenez un autre nom, ou remplacez-le avec --force",
      en: "\(name) is there already; take another name, or replace it with --force")
  }

  func backupNoFile(_ name: String) -> String {
    choose(
      fr: "\(name) n'est pas un fichier ordinaire ; donnez un nom de fichier",
      en: "\(name) is no regular file; give the name of a file")
  }

  func backupUnwritable(_ name: String, _ reason: String) -> String {
    choose(fr: "\(name) ne peut pas être écrit : \(reason)", en: "\(name) cannot be written: \(reason)")
  }

  /// Of the folder that the file is to lie in.
  func backupNoRoom(_ folder: String, needed: Int, free: Int) -> String {
    choose(
      fr: "Pas assez de place dans \(folder) : il faut \(size(needed)), il reste \(size(free))",
      en: "Not enough room in \(folder): \(size(needed)) are needed, \(size(free)) are free")
  }

  var backupOnTerminal: String {
    choose(
      fr: "Une sauvegarde ne s'affiche pas à l'écran : redirigez la sortie, ou donnez un nom de fichier",
      en: "A backup is not for a terminal: redirect the output, or give the name of a file")
  }

  var backupDamaged: String {
    choose(
      fr: "La sauvegarde est arrivée abîmée et a été supprimée ; recommencez.",
      en: "The backup arrived damaged, and was removed; try again.")
  }

  /// Of the daemon's state.
  func noRoom(needed: Int64?, free: Int64?) -> String {
    let words = [needed, free].map { $0.map { size(Int($0)) } ?? "?" }
    return choose(
      fr: "Le démon manque de place pour préparer la copie : il faut \(words[0]), il reste \(words[1])",
      en: "The daemon has too little room to make the copy: \(words[0]) are needed, \(words[1]) are free")
  }
}
