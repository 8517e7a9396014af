using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using EmailTracking.Client.Commands;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.RecordFiles;

/// <summary>A creation rule as JSON: one object, as <c>rules set</c> takes it and <c>rules show</c> writes it.</summary>
internal static class RuleFile
{
    /// <summary>What it looks like, on one line.</summary>
    public const string Example =
        """{"name": "Support", "queue": "support@contoso.com", "items": [{"name": "All else", "creates": "incident"}]}""";

    private const int LengthMax = 1024 * 1024;

    // Far more than any rule may wait: what is too long is refused where rules are checked.
    private const int WaitHoursMax = 1_000_000;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        NumberHandling = JsonNumberHandling.Strict,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Reads a rule.</summary>
    /// <param name="path">A file, or <c>-</c> for what is piped in.</param>
    /// <exception cref="WrongInputException">There is no such file, or what it holds is no rule.</exception>
    public static CreationRule Read(string path)
    {
        var isPiped = path == "-";
        if (!isPiped && (!File.Exists(path) || new FileInfo(path).Length > LengthMax))
        {
            throw new WrongInputException($"There is no file {path}, or it is larger than {LengthMax} bytes. Check the path.");
        }

        return Parse(isPiped ? Console.In.ReadToEnd() : File.ReadAllText(path), isPiped ? "What was piped in" : path);
    }

    /// <summary>Reads the text of a rule.</summary>
    /// <param name="text">The text.</param>
    /// <param name="shown">What to call it when it is none.</param>
    /// <exception cref="WrongInputException">It is no rule.</exception>
    public static CreationRule Parse(string text, string shown)
    {
        try
        {
            return Rule(shown, JsonSerializer.Deserialize<Written>(text, Options));
        }
        catch (JsonException wrong)
        {
            throw new WrongInputException(
                $"{shown}, line {wrong.LineNumber + 1}{At(wrong.Path)}: not as it should be. Write one object: {Example}");
        }
    }

    /// <summary>Writes a rule as <see cref="Read"/> takes it; what has its default is left out.</summary>
    public static string Write(CreationRule rule) => JsonSerializer.Serialize(
        new Written(
            rule.Name,
            rule.Queue.Value,
            rule.UnknownSenders == default ? null : rule.UnknownSenders,
            rule.Resolved == default ? null : rule.Resolved,
            rule.WaitAfterResolved == default ? null : (int)rule.WaitAfterResolved.TotalHours,
            rule.Customer == default ? null : rule.Customer,
            rule.TakesAutoSubmitted ? true : null,
            rule.TakesImported ? true : null,
            [.. rule.Items.Select(item => new WrittenItem(
                item.Name,
                item.When.IsEmpty ? null : [.. item.When.Select(one => new WrittenCondition(one.Fact, one.Not ? null : one.Value, one.Not ? one.Value : null))],
                item.Creates))]),
        Options);

    private static CreationRule Rule(string shown, Written? written)
    {
        if (!EmailAddress.TryParse(written?.Queue, out var queue))
        {
            throw new WrongInputException($"{shown}: \"queue\" is the address of a queue's mailbox. For example: {Example}");
        }

        return new CreationRule
        {
            Name = written!.Name ?? "",
            Queue = queue,
            UnknownSenders = written.UnknownSenders ?? default,
            Resolved = written.Resolved ?? default,
            WaitAfterResolved = TimeSpan.FromHours(Math.Clamp(written.WaitHours ?? 0, -1, WaitHoursMax)),
            Customer = written.Customer ?? default,
            TakesAutoSubmitted = written.AutoSubmitted ?? false,
            TakesImported = written.Imported ?? false,
            Items = [.. (written.Items ?? []).Select(item => Item(shown, item))],
        };
    }

    private static CreationItem Item(string shown, WrittenItem? item) => new(
        item?.Name ?? "", [.. (item?.When ?? []).Select(condition => Condition(shown, item?.Name, condition))], item?.Creates ?? "");

    private static CreationCondition Condition(string shown, string? item, WrittenCondition? condition) => condition switch
    {
        { Fact: { } fact, Is: { } value, IsNot: null } => new(fact, value),
        { Fact: { } fact, Is: null, IsNot: { } value } => new(fact, value, Not: true),
        _ => throw new WrongInputException(
            $"{shown}, item '{item}': a condition has a \"fact\", and \"is\" or \"isNot\". For example: {{\"fact\": \"subject\", \"is\": \"order\"}}"),
    };

    private static string At(string? path) => path is null or "$" ? "" : $" ({path})";

    private sealed record Written(
        string? Name,
        string? Queue,
        UnknownSenders? UnknownSenders,
        ResolvedRecords? Resolved,
        int? WaitHours,
        RuleCustomer? Customer,
        bool? AutoSubmitted,
        bool? Imported,
        ImmutableArray<WrittenItem?>? Items);

    private sealed record WrittenItem(string? Name, ImmutableArray<WrittenCondition?>? When, string? Creates);

    private sealed record WrittenCondition(RuleFact? Fact, string? Is, string? IsNot);
}
