namespace EmailTracking.Silo.Pages.Choosing;

/// <summary>The filters, as the personal options of Dynamics have them under Track.</summary>
internal static class FilterWords
{
    /// <summary>A filter by its number, as options and settings have it; -1: none is forced.</summary>
    public static string Of(string number) => number switch
    {
        "-1" => "Each mailbox has its own",
        "0" => "All email messages",
        "1" => "Email messages in response to tracked email",
        "2" => "Email messages from leads, contacts and accounts",
        "3" => "Email messages from records that are email enabled",
        "4" => "No email messages",
        _ => number,
    };
}
