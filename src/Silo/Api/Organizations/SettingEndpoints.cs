using System.Collections.Immutable;
using System.Text.Json.Serialization;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Organizations;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api.Organizations;

/// <summary>The settings of the organization, who changed them, and presets.</summary>
internal static class SettingEndpoints
{
    private const string Tag = "Settings";
    private const int CountStandard = 50;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("settings", ListAsync)
            .Describes<SettingsAnswer>("list-settings", Tag, "Every setting with its value, and the version in force, which is the ETag of each.")
            .Needs(Privilege.ReadSettings);
        api.MapGet("settings/{name}", ReadAsync)
            .Describes<SettingValue>("read-setting", Tag, "One setting; its ETag is the version of all.")
            .Needs(Privilege.ReadSettings);
        api.MapPut("settings/{name}", SetAsync)
            .Describes<SettingValue>("set-setting", Tag, "Sets one setting; in force with the next batch of mail on every silo. With If-Match only if no setting was changed since.")
            .Needs(Privilege.ChangeSettings, isChange: true);
        api.MapPost("settings/presets/{preset}", ApplyAsync)
            .Describes<SettingsAnswer>("apply-preset", Tag, "Sets what our own way of working (default) and Dynamics' (dynamics) differ in.")
            .Needs(Privilege.ChangeSettings, isChange: true);
        api.MapGet("setting-changes", ListChangesAsync)
            .Describes<ListAnswer<SettingsChange>>("list-setting-changes", Tag, "Who changed which setting, when and why, newest first.")
            .Needs(Privilege.ReadSettings);
    }

    private static async Task<IResult> ListAsync(EmailTrackingClient client, HttpContext context, CancellationToken token) =>
        Tagged(context, await client.ReadSettingsAsync(token));

    private static async Task<IResult> ReadAsync(string name, EmailTrackingClient client, HttpContext context, CancellationToken token)
    {
        if (SettingCatalogue.Find(name) is not { } setting)
        {
            return ApiAnswers.Missing(SettingCatalogue.Unknown(name));
        }

        var settings = await client.ReadSettingsAsync(token);
        return EntityTags.Tagged(context, EntityTags.Of(settings.Version), SettingValue.Of(setting, settings));
    }

    private static async Task<IResult> SetAsync(
        string name, ValueBody body, EmailTrackingClient client, SettingActs acts, HttpContext context, CancellationToken token)
    {
        if (SettingCatalogue.Find(name) is not { } setting)
        {
            return ApiAnswers.Missing(SettingCatalogue.Unknown(name));
        }

        if (body.Text is not { } value)
        {
            return ApiAnswers.Wrong($"Say what it is to be: {{\"value\": …}}. {setting.Name} takes {setting.Range}.");
        }

        return await ChangeAsync(
            context,
            client,
            body.Why,
            author => acts.SetAsync(setting, value, author, token),
            settings => EntityTags.Tagged(context, EntityTags.Of(settings.Version), SettingValue.Of(setting, settings)),
            token);
    }

    private static Task<IResult> ApplyAsync(
        string preset, WhyBody? body, EmailTrackingClient client, SettingActs acts, HttpContext context, CancellationToken token) =>
        ChangeAsync(context, client, body?.Why, author => acts.ApplyAsync(preset, author, token), settings => Tagged(context, settings), token);

    private static async Task<IResult> ChangeAsync(
        HttpContext context,
        EmailTrackingClient client,
        string? why,
        Func<Author, Task<Told<TrackingSettings>>> change,
        Func<TrackingSettings, IResult> answer,
        CancellationToken token)
    {
        var before = (await client.ReadSettingsAsync(token)).Version;
        if (EntityTags.Refusal(context, EntityTags.Of(before)) is { } refusal)
        {
            return refusal;
        }

        var author = Visitor.Of(context).Author(why) with { Seen = EntityTags.AreIn(context) ? FormattableString.Invariant($"{before}") : null };
        var told = await change(author);
        return told.Value is { } settings
            ? answer(settings)
            : EntityTags.Refusal(context, EntityTags.Of((await client.ReadSettingsAsync(token)).Version)) ?? ApiAnswers.Of(told.Problem!);
    }

    private static async Task<IResult> ListChangesAsync(int? count, EmailTrackingClient client, CancellationToken token)
    {
        if (Bounds.Read(count, CountStandard, IOrganizationGrain.HistoryMax - 1, out var asked) is { } wrong)
        {
            return wrong;
        }

        // One more, to tell what the oldest one that is shown has changed.
        var versions = await client.ReadSettingsHistoryAsync(asked + 1, token);
        return ApiAnswers.List(versions.Take(asked).Select((version, index) => SettingsChange.Of(
            index + 1 < versions.Length ? versions[index + 1].Settings : new TrackingSettings(), version)));
    }

    private static IResult Tagged(HttpContext context, TrackingSettings settings) => EntityTags.Tagged(
        context,
        EntityTags.Of(settings.Version),
        new SettingsAnswer(settings.Version, [.. SettingCatalogue.All.Select(setting => SettingValue.Of(setting, settings))]));
}

/// <summary>Why something is changed.</summary>
/// <param name="Why">Why; shown to everybody whom it binds.</param>
internal sealed record WhyBody(string? Why);

/// <summary>Every setting.</summary>
/// <param name="Version">Counts the changes.</param>
/// <param name="Value">The settings, by name.</param>
internal sealed record SettingsAnswer(long Version, ImmutableArray<SettingValue> Value);

/// <summary>A setting of the organization.</summary>
/// <param name="Tag">For If-Match.</param>
/// <param name="Name">Its name, Dataverse's where it has one there.</param>
/// <param name="Value">Its value as text.</param>
/// <param name="DefaultValue">What it is until somebody sets it.</param>
/// <param name="InDynamics">What it is in Dynamics 365; null when there is no such setting, or nobody says.</param>
/// <param name="Takes">What it takes, with its unit.</param>
/// <param name="Description">What it does.</param>
internal sealed record SettingValue(
    [property: JsonPropertyName("@odata.etag")] string Tag,
    string Name,
    string Value,
    string DefaultValue,
    string? InDynamics,
    string Takes,
    string Description)
{
    public static SettingValue Of(SettingDefinition setting, TrackingSettings settings) => new(
        EntityTags.Of(settings.Version).ToString(),
        setting.Name,
        setting.Read(settings),
        setting.Default,
        setting.InDynamics,
        setting.Range,
        setting.Meaning);
}

/// <summary>A version of the settings, and what it changed.</summary>
internal sealed record SettingsChange(long Version, string ModifiedBy, DateTimeOffset ModifiedOn, string? Why, ImmutableArray<ChangedSetting> Changes)
{
    public static SettingsChange Of(TrackingSettings before, SettingsVersion version) => new(
        version.Settings.Version,
        version.ChangedBy,
        version.ChangedOn,
        version.Why,
        [.. SettingCatalogue.All
            .Where(setting => setting.Read(before) != setting.Read(version.Settings))
            .Select(setting => new ChangedSetting(setting.Name, setting.Read(before), setting.Read(version.Settings)))]);
}

/// <summary>A setting that was changed.</summary>
internal sealed record ChangedSetting(string Name, string Before, string After);
