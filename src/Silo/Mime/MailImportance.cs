namespace EmailTracking.Silo.Mime;

/// <summary>Reads how important a mail says it is: 0 low, 1 normal, 2 high.</summary>
/// <remarks>Source: RFC 2156 section 5.3.4 (Importance, Priority); X-Priority and X-MSMail-Priority as they are met.</remarks>
internal static class MailImportance
{
    /// <summary>Null when the value says nothing.</summary>
    /// <param name="value">The value of any of the four headers.</param>
    internal static int? Read(string value)
    {
        var word = value.Split(' ', '(', ';')[0];
        return word.ToLowerInvariant() switch
        {
            "high" or "urgent" or "1" or "2" => 2,
            "normal" or "medium" or "3" => 1,
            "low" or "non-urgent" or "4" or "5" => 0,
            _ => null,
        };
    }
}
