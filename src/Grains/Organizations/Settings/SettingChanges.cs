using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Organizations;

/// <summary>Changes settings: a refusal is a value, and nobody overwrites what another saved meanwhile.</summary>
internal sealed class SettingChanges(IDirectory directory, TimeProvider time)
{
    private const int AttemptsMax = 10;

    public async Task<SettingAnswer> SetAsync(
        string organization, string name, string value, Author author, CancellationToken cancellationToken)
    {
        var setting = SettingCatalogue.Find(name);
        return await ChangeAsync(
            organization,
            author,
            before => setting is null ? new WrittenSetting(null, SettingCatalogue.Unknown(name)) : setting.Write(before, value),
            settings => setting!.Read(settings),
            cancellationToken);
    }

    public Task<SettingAnswer> ApplyPresetAsync(
        string organization, string preset, Author author, CancellationToken cancellationToken) => ChangeAsync(
            organization,
            author,
            before => SettingCatalogue.Apply(before, preset) is { } after
                ? new WrittenSetting(after, null)
                : new WrittenSetting(null, $"There is no preset '{SettingText.Shown(preset)}'. Presets: {string.Join(", ", SettingCatalogue.Presets)}."),
            settings => string.Join(", ", SettingCatalogue.All.Where(one => one.Preset is not null).Select(one => $"{one.Name}: {one.Read(settings)}")),
            cancellationToken);

    private async Task<SettingAnswer> ChangeAsync(
        string organization,
        Author author,
        Func<TrackingSettings, WrittenSetting> change,
        Func<TrackingSettings, string> show,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            var before = await directory.ReadSettingsAsync(organization, cancellationToken);
            if (author.Problem() is { } nobody)
            {
                return new SettingAnswer(before.Version, null, null, nobody);
            }

            var (after, problem) = change(before);
            if (after is null)
            {
                return new SettingAnswer(before.Version, null, null, problem);
            }

            if (show(before) == show(after))
            {
                return new SettingAnswer(before.Version, show(before), show(after), null);
            }

            if (author.ProblemSince(before.Version) is { } changed)
            {
                return new SettingAnswer(before.Version, null, null, changed);
            }

            if (await directory.SaveSettingsAsync(
                organization, after, author.By, time.GetUtcNow(), author.Why, cancellationToken) is { } version)
            {
                return new SettingAnswer(version, show(before), show(after), null);
            }
        }

        throw new InvalidOperationException($"Others changed the settings {AttemptsMax} times meanwhile. Nothing was changed; try again.");
    }
}
