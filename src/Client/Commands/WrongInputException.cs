namespace EmailTracking.Client.Commands;

/// <summary>What a command was given is wrong.</summary>
/// <param name="message">What is wrong, and what to do.</param>
internal sealed class WrongInputException(string message) : Exception(message);
