# Jekyll pages (a JSON list on standard input) to HTML (a JSON list): Liquid, then kramdown.
require 'json'
require 'kramdown'
require 'kramdown-parser-gfm'
require 'liquid'

# What Jekyll adds to Liquid: files that are put in, and code.
class Shown < Liquid::Tag
  def initialize(name, markup, options)
    super
    @shown = "#{name} #{markup.split.join(' ')}"
  end

  def render(_context)
    "<span title='#{@shown.gsub("'", '"')}'></span>"
  end
end

class Highlight < Liquid::Block
  def render(context)
    "<pre>#{super.gsub('<', '&lt;').gsub("\n", '&#10;')}</pre>"
  end
end

%w[include link post_url toc].each { |name| Liquid::Template.register_tag(name, Shown) }
Liquid::Template.register_tag('highlight', Highlight)

FRONT_MATTER = /\A(---\s*\n.*?\n?)^((---|\.\.\.)\s*$\n?)/m

pages = JSON.parse($stdin.read).map do |text|
  text = text.gsub("\r\n", "\n").sub(FRONT_MATTER, '')
  liquid = Liquid::Template.parse(text).render('site' => { 'name' => 'The Valley' }, 'version' => '2.1')
  Kramdown::Document.new(liquid, input: 'GFM', hard_wrap: false, syntax_highlighter: nil).to_html
end
print JSON.generate(pages)
