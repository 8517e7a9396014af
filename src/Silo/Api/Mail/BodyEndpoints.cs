using EmailTracking.Access;
using EmailTracking.Silo.Bodies;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api.Mail;

/// <summary>What is in a tracked email: its body, safe to show, and its attachments.</summary>
internal static class BodyEndpoints
{
    private const string Tag = "Mail";
    private const string NotThere = "No such email is tracked, or not where you may see it. Of an email that is not tracked no content is kept.";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("emails/{email}/body", ReadBodyAsync)
            .Describes<string>(
                "read-email-body", Tag,
                "The body as an HTML document that may do nothing: no scripts, no forms; pictures from elsewhere only with remotecontent=true.")
            .NeedsForChosen(Privilege.ReadMail);
        api.MapGet("emails/{email}/attachments", ListAsync)
            .Describes<ListAnswer<AttachmentAnswer>>("list-attachments", Tag, "The files in the email, those shown in its body too.")
            .NeedsForChosen(Privilege.ReadMail);
        api.MapGet("emails/{email}/attachments/{number:int}", DownloadAsync)
            .Describes<string>("download-attachment", Tag, "One of its files, as a download; files whose opening would run them are not handed out.")
            .NeedsForChosen(Privilege.ReadMail);
    }

    private static async Task<IResult> ReadBodyAsync(
        string email, MailContents contents, HttpContext context, CancellationToken token, bool remoteContent = false)
    {
        if (await contents.ReadAsync(context, EmailName.Of(email), token) is not { } content)
        {
            return ApiAnswers.Missing(NotThere);
        }

        var document = await BodyDocument.OfAsync(content, remoteContent, token);
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = BodyDocument.Policy(remoteContent);
        headers.XFrameOptions = "SAMEORIGIN";
        headers["Blocked-Remote-Content"] = $"{document.BlockedCount}";
        return Results.Content(document.Html, "text/html; charset=utf-8");
    }

    private static async Task<IResult> ListAsync(
        string email, MailContents contents, BlockedExtensions blocked, HttpContext context, CancellationToken token) =>
        await contents.ReadAsync(context, EmailName.Of(email), token) is { } content
            ? ApiAnswers.List(content.Files.Select(file => AttachmentAnswer.Of(file, blocked)))
            : ApiAnswers.Missing(NotThere);

    private static async Task<IResult> DownloadAsync(
        string email, int number, MailContents contents, BlockedExtensions blocked, HttpContext context, CancellationToken token)
    {
        if (await contents.ReadAsync(context, EmailName.Of(email), token) is not { } content)
        {
            return ApiAnswers.Missing(NotThere);
        }

        if (number < 0 || number >= content.Files.Length)
        {
            return ApiAnswers.Missing($"The email has {content.Files.Length} attachments, numbered from 0.");
        }

        var file = content.Files[number];
        return blocked.Blocks(file.Name)
            ? Answers.Problem(
                StatusCodes.Status403Forbidden,
                "Blocked attachment",
                $"Files that end in .{FileNames.Extension(file.Name)} are not handed out (EmailTracking__Web__BlockedAttachments). The raw mail has it.")
            : Results.Stream(file.Open(), "application/octet-stream", file.Name);
    }
}

/// <summary>A file in an email (Dataverse table <c>activitymimeattachment</c>).</summary>
/// <param name="AttachmentNumber">Its place in the mail; from 0.</param>
/// <param name="FileName">Its name, without folders and hidden characters.</param>
/// <param name="MimeType">What the sender says that it is.</param>
/// <param name="FileSize">Bytes.</param>
/// <param name="IsInline">Whether the body may show it.</param>
/// <param name="IsBlocked">Whether it is not handed out.</param>
internal sealed record AttachmentAnswer(int AttachmentNumber, string FileName, string MimeType, long FileSize, bool IsInline, bool IsBlocked)
{
    public static AttachmentAnswer Of(MailFile file, BlockedExtensions blocked) =>
        new(file.Number, file.Name, file.MediaType, file.Size, file.ContentId is not null, blocked.Blocks(file.Name));
}
