using EmailTracking.Client;
using EmailTracking.Organizations;
using EmailTracking.Silo.Web;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Api.Organizations;

/// <summary>Changes settings: for the API and the pages alike.</summary>
internal sealed class SettingActs(EmailTrackingClient client)
{
    /// <summary>Sets one setting.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="value">Its value as text.</param>
    /// <param name="author">Who, why, and which version they saw.</param>
    /// <param name="cancellationToken">Stops it before it begins.</param>
    /// <returns>The settings as they are now.</returns>
    public async Task<Told<TrackingSettings>> SetAsync(SettingDefinition setting, string value, Author author, CancellationToken cancellationToken) =>
        await AfterAsync(await client.SetSettingAsync(setting.Name, value, author, cancellationToken), cancellationToken);

    /// <summary>Applies a preset.</summary>
    /// <param name="preset">One of <see cref="SettingCatalogue.Presets"/>.</param>
    /// <param name="author">Who, why, and which version they saw.</param>
    /// <param name="cancellationToken">Stops it before it begins.</param>
    /// <returns>The settings as they are now.</returns>
    public async Task<Told<TrackingSettings>> ApplyAsync(string preset, Author author, CancellationToken cancellationToken) =>
        await AfterAsync(await client.ApplyPresetAsync(preset, author, cancellationToken), cancellationToken);

    private async Task<Told<TrackingSettings>> AfterAsync(SettingAnswer answer, CancellationToken cancellationToken) => answer.Problem is { } problem
        ? Told<TrackingSettings>.Not(Refusal.Refused(problem))
        : Told<TrackingSettings>.That(await client.ReadSettingsAsync(cancellationToken));
}
