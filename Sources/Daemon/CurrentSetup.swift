import Synchronization

/// The setup that counts, for everybody who needs it.
final class CurrentSetup: Sendable {
  private let setup: Mutex<Setup>

  init(_ setup: Setup) { self.setup = Mutex(setup) }

  var value: Setup { setup.withLock { $0 } }

  /// What is asked from now on is answered by the new one; work that was begun is finished by the old one.
  func replace(_ new: Setup) {
    let old = setup.withLock { setup in
      defer { setup = new }
      return setup
    }
    old.replaced.reach()
  }
}
