"""The page that asks for the token. It has no script and loads nothing."""

SIGN_IN_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Layerloom</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 90vh; margin: 0 1rem; }
form { display: grid; gap: .75rem; width: min(22rem, 100%); }
input, button { font: inherit; padding: .5rem .75rem; border-radius: .375rem; border: 1px solid #888; }
</style>
</head>
<body>
<form method="get">
<h1>Layerloom</h1>
<label for="token">This server wants its token.</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<button>Open</button>
</form>
</body>
</html>
"""
