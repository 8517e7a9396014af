using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace EmailTracking.Silo.Web;

/// <summary>Answers of the web server.</summary>
internal static class Answers
{
    /// <summary>How JSON is written. Unlike with what a web server has by itself, even in JSON nothing looks like markup.</summary>
    public static readonly JsonSerializerOptions Escaping = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Default };

    public static IResult Json<T>(T value) => Results.Json(value, Escaping);

    /// <summary>A problem (RFC 9457).</summary>
    /// <param name="status">The status.</param>
    /// <param name="title">What it is.</param>
    /// <param name="detail">What to do about it.</param>
    public static IResult Problem(int status, string title, string detail) =>
        Results.Problem(detail: detail, statusCode: status, title: title);
}
