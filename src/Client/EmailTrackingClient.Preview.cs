using EmailTracking.Client.Previewing;
using EmailTracking.Preview;

namespace EmailTracking.Client;

/// <content>Previews: what would be tracked, without tracking it.</content>
public sealed partial class EmailTrackingClient
{
    /// <summary>Opens a preview; close it when it is no longer needed.</summary>
    /// <param name="request">Where the mail is imagined to lie.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PreviewException">Too many are open.</exception>
    public Task<MailPreview> OpenPreviewAsync(PreviewRequest request, CancellationToken cancellationToken = default) =>
        MailPreview.OpenAsync(
            _grains.GetGrain<IPreviewGrain>(GrainKeys.Preview(Organization, Guid.NewGuid())), _patience, request, cancellationToken);
}
