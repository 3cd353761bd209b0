/// Names each kind of log line for the journal, so that programs find it and the catalog explains it
/// (MESSAGE_ID in systemd.journal-fields(7)).
///
/// A value never changes and is never used again for something else. Pass it as metadata `message_id`.
package enum MessageID: String, Sendable, CaseIterable {
  /// The daemon is ready.
  case daemonStarted = "8d61c30b3f5f4410b9febd53e757e427"
  /// The daemon begins to stop.
  case daemonStopping = "a8d05feb974846129cebde0d652fdfca"
  /// A job begins, or begins again after `retry` or `resolve`.
  case jobStarted = "59f69664b1eb41258189cebbf9221643"
  /// Every delivery of a job has an outcome.
  case jobCompleted = "9ae947a3c03246ca89f58fc97b86cc8d"
  /// A job was cancelled.
  case jobCancelled = "ee9190d107e340ecbc99c9e2ba8b2d43"
  /// An invoice was accepted by the sender.
  case deliverySent = "7a6b6813f44b4beaa450a2ce6ca70cb7"
  /// An invoice was rejected, or its attempts are used up.
  case deliveryFailed = "a3e3c92605ef4549842a18573778c54e"
  /// An invoice will not be sent by this job: it was skipped or cancelled.
  case deliveryDropped = "a0e4b4c00c92cff87bebfcabe2e3d65e"
  /// An invoice may have been sent or not: the sender's rules or a person decide.
  case deliveryUnknown = "f226997ffd78434fb832150a25f6602d"
  /// A job, a sender or an invoice does not go on.
  case held = "9fb432f788554c4f8f46105f979fd7c1"
  /// A hold was removed.
  case holdRemoved = "22c25ef0ebfe4f79af127dd1d0110e49"
  /// A sender waits for a limit of the other side, or for a host that cannot be reached.
  case senderWaits = "ebb48d80b3934c81b04c58758608c550"
  /// A sender that waited goes on.
  case waitEnded = "3621060bc5ef42f59a535cebd2d79d53"
  /// The configuration was read again, and is in force.
  case configurationReloaded = "944d6f55ad120abe2ad4c2d09d1a1ac5"
  /// The configuration cannot be used.
  case configurationError = "22d761e0818849a49087c6a8d88b0aa5"
  /// The store came back from a backup or a copy: people decide what was sent since.
  case storeRestored = "91e61eb63afa4ec08f4db68e0fb2e39c"
  /// Log lines were dropped, because the journal did not take them in time.
  case linesDropped = "74acb6c0a859416e9697949c54e7d295"
}
