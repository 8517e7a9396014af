using System.Net;
using System.Text.Json.Nodes;

namespace EmailTracking.Tests.Api;

/// <summary>Asks the API and looks at what it answers.</summary>
internal static class Asking
{
    public static Uri Path(string path) => new(path, UriKind.Relative);

    public static async Task<JsonNode> ReadAsync(this HttpClient client, Uri path)
    {
        using var answer = await client.GetAsync(path);
        return await answer.JsonAsync();
    }

    public static Task<JsonNode> ReadAsync(this HttpClient client, string path) => client.ReadAsync(Path(path));

    /// <summary>The JSON of an answer that says that it was done.</summary>
    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    public static async Task<HttpResponseMessage> SendAsync(this HttpClient client, string method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Path(path));
        request.Content = body is null ? null : System.Net.Http.Json.JsonContent.Create(body);
        return await client.SendAsync(request);
    }

    /// <summary>Asks for what is refused, as a problem whose words have all of these.</summary>
    public static async Task<HttpResponseMessage> RefusedAsync(
        this HttpClient client, HttpStatusCode status, Uri path, params string[] words)
    {
        var answer = await client.GetAsync(path);
        await answer.RefusedAsync(status, words);
        return answer;
    }

    /// <inheritdoc cref="RefusedAsync(HttpClient, HttpStatusCode, Uri, string[])"/>
    public static async Task RefusedAsync(this HttpResponseMessage answer, HttpStatusCode status, params string[] words)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.Equal((int)status, (int)problem["status"]!);
        Assert.NotEmpty((string)problem["title"]!);
        var detail = (string)problem["detail"]!;
        Assert.All(words, word => Assert.Contains(word, detail, StringComparison.Ordinal));
    }
}
