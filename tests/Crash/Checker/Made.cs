namespace EmailTracking.Tests.Crash.Checker;

/// <summary>One delivery of made mail.</summary>
/// <param name="Operation">The client's name for it.</param>
/// <param name="Mailbox">Where it was seen.</param>
/// <param name="Folder">In which folder.</param>
/// <param name="Raw">The mail.</param>
public sealed record Made(string Operation, string Mailbox, string Folder, byte[] Raw);
