using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage;

/// <summary>The stored form of a creation rule. What a later version adds is left alone, what an older one lacks has its default.</summary>
internal static class RuleJson
{
    private static readonly JsonSerializerOptions Options =
        new(JsonSerializerOptions.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>What is stored; null for a rule that was removed.</summary>
    public static string? Write(CreationRule? rule) => rule is null ? null : JsonSerializer.Serialize(
        new Stored(
            rule.Name,
            rule.Items,
            rule.UnknownSenders,
            rule.Resolved,
            rule.Customer,
            rule.TakesAutoSubmitted,
            rule.TakesImported,
            rule.WaitAfterResolved),
        Options);

    /// <summary>The rule that was stored for a queue.</summary>
    public static CreationRule? Read(EmailAddress queue, string? text)
    {
        if (text is null)
        {
            return null;
        }

        var stored = JsonSerializer.Deserialize<Stored>(text, Options)!;
        return new CreationRule
        {
            Name = stored.Name,
            Queue = queue,
            Items = stored.Items,
            UnknownSenders = stored.UnknownSenders,
            Resolved = stored.Resolved,
            Customer = stored.Customer,
            TakesAutoSubmitted = stored.TakesAutoSubmitted,
            TakesImported = stored.TakesImported,
            WaitAfterResolved = stored.WaitAfterResolved,
        };
    }

    private sealed record Stored(
        string Name,
        ImmutableArray<CreationItem> Items,
        UnknownSenders UnknownSenders,
        ResolvedRecords Resolved,
        RuleCustomer Customer,
        bool TakesAutoSubmitted,
        bool TakesImported,
        TimeSpan WaitAfterResolved);
}
