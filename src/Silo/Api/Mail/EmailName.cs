namespace EmailTracking.Silo.Api.Mail;

/// <summary>What an email is called in a path: a Message-ID, an activityid or a key.</summary>
internal static class EmailName
{
    /// <summary>Routing leaves an escaped slash as it is, since it would divide the path.</summary>
    public static string Of(string segment) => segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
