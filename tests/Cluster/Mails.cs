namespace EmailTracking.Tests.Cluster;

/// <summary>Small mails as raw text.</summary>
public static class Mails
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    public static string Mail(
        string id, string from, string to, string? answers = null, string subject = "Order", int minute = 0, string? references = null) =>
        $"""
        From: {from}
        To: {to}
        Subject: {subject}
        Date: {Start.AddMinutes(minute):r}
        Message-ID: <{id}>
        {(answers is null ? "X-None: 1" : $"In-Reply-To: <{answers}>")}
        {(references is null ? "X-None: 2" : $"References: {references}")}

        Body of {id}.
        """.ReplaceLineEndings("\r\n");
}
