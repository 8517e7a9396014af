namespace EmailTracking.Connectors;

/// <summary>What a failure of a server concerns. The numbers are storage format.</summary>
public enum ServerProblemKind
{
    /// <summary>The connection: nobody answers, or it broke off. It heals by itself.</summary>
    Connection = 1,

    /// <summary>The server's certificate is not trusted.</summary>
    Certificate = 2,

    /// <summary>The name, password or token is refused.</summary>
    SignIn = 3,

    /// <summary>The secret cannot be found, or the profile cannot work as it is written.</summary>
    Configuration = 4,

    /// <summary>The server asks to slow down, or has no room.</summary>
    Throttled = 5,

    /// <summary>The server's answer makes no sense.</summary>
    Protocol = 6,

    /// <summary>The folder is not there any more.</summary>
    FolderGone = 7,
}

/// <summary>A mailbox cannot be read now.</summary>
/// <param name="kind">What it concerns.</param>
/// <param name="problem">What happened, in a sentence without secrets.</param>
/// <param name="nextStep">What to do about it, in a sentence.</param>
/// <param name="cause">What was thrown below.</param>
[GenerateSerializer, Alias("MailServerException")]
public sealed class MailServerException(ServerProblemKind kind, string problem, string nextStep, Exception? cause = null)
    : Exception(problem, cause)
{
    /// <summary>What it concerns.</summary>
    [Id(0)]
    public ServerProblemKind Kind { get; } = kind;

    /// <summary>What to do about it, in a sentence.</summary>
    [Id(1)]
    public string NextStep { get; } = nextStep;

    /// <summary>Whether trying again without a change may help.</summary>
    public bool IsTransient => Kind is ServerProblemKind.Connection or ServerProblemKind.Throttled or ServerProblemKind.Protocol or
        ServerProblemKind.FolderGone;

    /// <summary>The same without what was thrown below: that is of packages which callers in other processes do not have.</summary>
    public MailServerException WithoutCause() => new(Kind, Message, NextStep);
}
