namespace EmailTracking.Client.Commands;

/// <summary>What the command line answers its shell.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The command, or what it was given, is wrong: repeating it does not help.</summary>
    public const int WrongInput = 1;

    /// <summary>Some messages failed and were kept, or are not decided yet.</summary>
    public const int SomeFailed = 2;

    /// <summary>A message can never be taken (EX_DATAERR of sysexits.h): a mail server sends it back.</summary>
    public const int WrongData = 65;

    /// <summary>There is no such mailbox (EX_NOUSER of sysexits.h): a mail server says so to the sender.</summary>
    public const int NoUser = 67;

    /// <summary>The cluster did not answer: try again (EX_TEMPFAIL of sysexits.h).</summary>
    public const int TryAgain = 75;

    /// <summary>Stopped by Ctrl-C (128 and the number of SIGINT).</summary>
    public const int Interrupted = 130;
}
