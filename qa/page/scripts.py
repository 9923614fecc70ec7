"""The page's one script of its own."""

# A number is a link to its quote's place in the article. Followed here, because Gradio's <base>
# would make it another page where the address has a query.
FOLLOW_NUMBER = """
element.addEventListener("click", (event) => {
  const link = event.target.closest("a.number");
  if (!link) return;
  event.preventDefault();
  const place = document.getElementById(link.hash.slice(1));
  place.scrollIntoView({ block: "nearest" });
  place.focus({ preventScroll: true });
});
"""
