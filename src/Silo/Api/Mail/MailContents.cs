using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Silo.Bodies;
using EmailTracking.Silo.Mime;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Http;

namespace EmailTracking.Silo.Api.Mail;

/// <summary>Reads the content of emails for those who may see them.</summary>
internal sealed class MailContents(EmailTrackingClient client) : IDisposable
{
    // A mail is in memory as a whole while it is taken apart.
    private const int AtOnceMax = 4;

    private static readonly MimeOptions Bounds = new();

    private readonly SemaphoreSlim _room = new(AtOnceMax);

    /// <summary>The content of a tracked email.</summary>
    /// <returns>Null when there is no such email that they may see, or its content is not kept.</returns>
    /// <exception cref="FormatException">What is kept is no mail.</exception>
    public Task<MailContent?> ReadAsync(HttpContext context, string email, CancellationToken cancellationToken) =>
        ReadAsync(Visitor.Of(context).Principal, email, cancellationToken);

    /// <inheritdoc cref="ReadAsync(HttpContext, string, CancellationToken)"/>
    public async Task<MailContent?> ReadAsync(Principal who, string email, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        try
        {
            await using var raw = await client.OpenRawAsync(who, email, cancellationToken);
            return raw is null ? null : await MailContent.ReadAsync(raw, Bounds, cancellationToken);
        }
        finally
        {
            _room.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _room.Dispose();
}
