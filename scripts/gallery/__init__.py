"""Cards drawn as Teams draws them: in Chromium, with Microsoft's renderer and Teams' colours and sizes."""
